//! Golden help texts and messages: `tests/cli/*.trycmd`. After a meant change: `TRYCMD=overwrite cargo test --test cli`,
//! and read the difference.

#[test]
fn commands_say_what_is_written_down() {
    trycmd::TestCases::new()
        .env("TALLY_CONFIG", "")
        .env("TALLY_PASSPHRASE_FILE", "")
        .case("tests/cli/*.trycmd");
}
