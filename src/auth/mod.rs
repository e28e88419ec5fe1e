//! Who is knocking, and may he come in.
