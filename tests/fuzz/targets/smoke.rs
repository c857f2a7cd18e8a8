#![no_main]

#[path = "../../support/law.rs"]
mod law;

libfuzzer_sys::fuzz_target!(|data: &[u8]| law::law_of_smoke(data));
