//! A sliding window that counts requests.
