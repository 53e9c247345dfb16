//! Looks up the words that a text begins with.

/// Words with their values. All words that a text begins with are found in one pass over its first characters, and
/// without hashing each of its beginnings.
#[derive(Clone, Debug)]
pub struct Dictionary<T> {
    /// Sorted by their bytes, each word once.
    words: Box<[(Box<str>, T)]>,
}

impl<T> Default for Dictionary<T> {
    fn default() -> Self {
        Self { words: Box::default() }
    }
}

/// Of equal words the first counts.
impl<T> FromIterator<(String, T)> for Dictionary<T> {
    fn from_iter<I: IntoIterator<Item = (String, T)>>(words: I) -> Self {
        let mut words: Vec<_> =
            words.into_iter().map(|(word, value)| (word.into_boxed_str(), value)).collect();
        words.sort_by(|(left, _), (right, _)| left.cmp(right));
        words.dedup_by(|(later, _), (earlier, _)| later == earlier);
        Self { words: words.into_boxed_slice() }
    }
}

impl FromIterator<String> for Dictionary<()> {
    fn from_iter<I: IntoIterator<Item = String>>(words: I) -> Self {
        words.into_iter().map(|word| (word, ())).collect()
    }
}

impl<T> Dictionary<T> {
    /// The words in the order of their bytes.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(|(word, _)| &**word)
    }

    /// The value of exactly this word.
    pub fn get(&self, word: &str) -> Option<&T> {
        let place = self.words.binary_search_by(|(known, _)| (**known).cmp(word)).ok()?;
        Some(&self.words[place].1)
    }

    /// The bytes of the longest word; 0 without words.
    pub fn longest(&self) -> usize {
        self.words().map(str::len).max().unwrap_or(0)
    }

    /// Begins a search, which goes on by one character at a time.
    pub fn search(&self) -> Search<'_, T> {
        Search { words: &self.words, depth: 0 }
    }

    /// Every word that `text` begins with, the shortest first: its bytes and its value.
    pub fn beginnings<'a>(&'a self, text: &'a str) -> impl Iterator<Item = (usize, &'a T)> {
        let mut search = self.search();
        let searches = text.chars().map_while(move |sign| {
            search = search.then(sign)?;
            Some(search)
        });
        searches.filter_map(|search| Some((search.depth, search.value()?)))
    }
}

/// The words that begin with the characters searched so far.
#[derive(Debug)]
pub struct Search<'a, T> {
    words: &'a [(Box<str>, T)],
    /// The bytes that all of `words` have in common.
    depth: usize,
}

impl<T> Clone for Search<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Search<'_, T> {}

impl<'a, T> Search<'a, T> {
    /// The search among the words that continue with `sign`; `None` if there are none.
    pub fn then(self, sign: char) -> Option<Self> {
        // Characters have the order of their bytes.
        let next = |(word, _): &(Box<str>, T)| word[self.depth..].chars().next();
        let words = &self.words[self.words.partition_point(|word| next(word) < Some(sign))..];
        let words = &words[..words.partition_point(|word| next(word) == Some(sign))];
        (!words.is_empty()).then_some(Self { words, depth: self.depth + sign.len_utf8() })
    }

    /// The value of the word that consists of exactly the characters searched.
    pub fn value(&self) -> Option<&'a T> {
        self.words.first().filter(|(word, _)| word.len() == self.depth).map(|(_, value)| value)
    }
}
