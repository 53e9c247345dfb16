//! The sandbox: mock parking API and fake Zendesk, with state.
