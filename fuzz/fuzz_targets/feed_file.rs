#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| tallystick_fuzz::feed_file(data));
