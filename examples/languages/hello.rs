//! Says hello, with what its arguments are.

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    println!("hello from Rust, {}", words.join(" "));
}
