//! Empty: the libraries are the examples.
