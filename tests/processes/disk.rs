//! Disks that a test can cut off or fill: an ext4 in a file, mounted on a loop device where a member's folder was.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

use crate::network::eventually;

/// Cuts a mounted file system off as a power cut does: what was not synced is gone. `FS_IOC_SHUTDOWN` of ext4, with
/// the flag that flushes nothing, not even the journal. Made by perl, which every Debian has, because the system call
/// behind it takes code that this crate forbids itself.
const CUT: &str = r#"
open(my $disk, "<", $ARGV[0]) or die "$ARGV[0]: $!\n";
my $without_flush = pack("L", 2);
defined ioctl($disk, 0x8004587d, $without_flush) or die "$ARGV[0] cannot be cut off: $!\n";
"#;
/// How long processes that were killed may keep a disk busy.
const BUSY_WAIT: Duration = Duration::from_secs(10);

/// Says on the terminal, whatever the harness keeps of a test's output, that a test did nothing.
pub(crate) fn say_skipped(test: &str, why: &str) {
    let _ = writeln!(std::io::stderr(), "\n{test} was SKIPPED: {why}");
}

/// A disk.
pub(crate) struct Disk {
    image: PathBuf,
    at: PathBuf,
    mounted: bool,
}

fn done(command: &mut Command) -> Result<Output, String> {
    let output = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    if output.status.success() {
        return Ok(output);
    }
    Err(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr).trim()))
}

impl Disk {
    /// Makes a disk of so many MiB in the file `image`, mounted at the folder `at`; or says why that is not possible
    /// here.
    pub(crate) fn new(image: &Path, at: &Path, mib: u64) -> Result<Self, String> {
        let file = std::fs::File::create(image).map_err(|error| error.to_string())?;
        file.set_len(mib * 1024 * 1024).map_err(|error| error.to_string())?;
        // None of it is kept for the superuser, who runs this.
        done(Command::new("mkfs.ext4").args(["-q", "-m", "0"]).arg(image))?;
        std::fs::create_dir_all(at).map_err(|error| error.to_string())?;
        let mut disk = Self { image: image.to_owned(), at: at.to_owned(), mounted: false };
        disk.mount()?;
        Ok(disk)
    }

    /// Why no disk can be mounted here; none where one can.
    pub(crate) fn unavailable() -> Option<String> {
        let folder = tempfile::tempdir().unwrap();
        let disk = Self::new(&folder.path().join("image"), &folder.path().join("disk"), 8);
        disk.and_then(|disk| disk.cut_power()).err()
    }

    fn mount(&mut self) -> Result<(), String> {
        done(Command::new("mount").args(["-o", "loop"]).arg(&self.image).arg(&self.at))?;
        self.mounted = true;
        Ok(())
    }

    /// Cuts the power. From now on everything fails there; processes that have files open there are to be killed.
    pub(crate) fn cut_power(&self) -> Result<(), String> {
        done(Command::new("perl").args(["-e", CUT]).arg(&self.at)).map(|_| ())
    }

    /// Switches the power on again. Nobody may use the disk.
    pub(crate) fn power_on(&mut self) {
        self.unmount().unwrap();
        self.mount().unwrap();
    }

    fn unmount(&mut self) -> Result<(), String> {
        let unmounted = (0..50).find_map(|_| {
            let tried = done(Command::new("umount").arg(&self.at));
            if tried.is_err() {
                std::thread::sleep(BUSY_WAIT / 50);
            }
            tried.ok()
        });
        self.mounted = unmounted.is_none();
        unmounted.map(|_| ()).ok_or_else(|| format!("{} is busy", self.at.display()))
    }

    /// Fills it until not a byte is left.
    pub(crate) fn fill(&self) {
        // Whole pieces first, which take no time, and then what is left.
        for (number, bytes) in
            [64 << 20, 4 << 20, 1 << 20, 64 << 10, 4 << 10, 1 << 10].into_iter().enumerate()
        {
            for piece in 0.. {
                let name = self.at.join(format!("ballast-{number}-{piece}"));
                let size = bytes.to_string();
                if done(Command::new("fallocate").args(["-l", &size]).arg(&name)).is_err() {
                    let _ = std::fs::remove_file(name);
                    break;
                }
            }
        }
    }

    /// Takes away what filled it.
    pub(crate) fn make_room(&self) {
        for entry in std::fs::read_dir(&self.at).unwrap() {
            let entry = entry.unwrap();
            if entry.file_name().to_string_lossy().starts_with("ballast-") {
                std::fs::remove_file(entry.path()).unwrap();
            }
        }
        eventually(BUSY_WAIT, "room on the disk", || (self.free_bytes() > 0).then_some(()));
    }

    /// Bytes that are free.
    pub(crate) fn free_bytes(&self) -> u64 {
        let said = done(Command::new("stat").args(["-f", "-c", "%a %S"]).arg(&self.at)).unwrap();
        let said = String::from_utf8(said.stdout).unwrap();
        let (blocks, bytes) = said.trim().split_once(' ').unwrap();
        blocks.parse::<u64>().unwrap() * bytes.parse::<u64>().unwrap()
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        if self.mounted && self.unmount().is_err() {
            // Whoever keeps it busy loses it when he ends.
            let _ = done(Command::new("umount").arg("--lazy").arg(&self.at));
        }
        let _ = std::fs::remove_file(&self.image);
    }
}

/// What the test itself stands on.
#[test]
fn a_power_cut_takes_what_was_not_synced_and_nothing_else() {
    if let Some(why) = Disk::unavailable() {
        return say_skipped("a_power_cut_takes_what_was_not_synced_and_nothing_else", &why);
    }
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().join("disk");
    let mut disk = Disk::new(&folder.path().join("image"), &at, 16).unwrap();
    for (name, synced) in [("synced", true), ("unsynced", false)] {
        let mut file = std::fs::File::create(at.join(name)).unwrap();
        file.write_all(name.as_bytes()).unwrap();
        if synced {
            file.sync_all().unwrap();
            std::fs::File::open(&at).unwrap().sync_all().unwrap();
        }
    }
    disk.cut_power().unwrap();
    assert!(std::fs::write(at.join("later"), "").is_err());
    disk.power_on();
    assert_eq!(std::fs::read_to_string(at.join("synced")).unwrap(), "synced");
    assert!(!at.join("unsynced").exists() && !at.join("later").exists());
    disk.fill();
    assert!(std::fs::write(at.join("later"), "no room").is_err());
    assert_eq!(disk.free_bytes(), 0);
    disk.make_room();
    std::fs::write(at.join("later"), "room").unwrap();
}
