//! The store, keys at rest, and backups.

use super::wire::FRAME_BYTES_MAX;

/// Bytes of one stored value: what the codec decodes again, and its version byte.
pub const STORED_VALUE_BYTES_MAX: usize = FRAME_BYTES_MAX + 1;
/// Bytes of the store's write-ahead log, which the next open replays: a second or two.
pub const STORE_WAL_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// MiB of the store's cache where nobody says otherwise: the filters of ten million rows and the hot blocks.
pub const STORE_CACHE_MIB_DEFAULT: u32 = 256;
/// Bytes of the disk that the store leaves free: what it has taken must still find room in table files, at the next
/// open too, and that is as much as the write-ahead log holds.
pub const STORE_RESERVE_BYTES: u64 = STORE_WAL_BYTES_MAX;
/// Bytes beyond the reserve that must be free before writing begins again, so that it does not end again at once.
pub const STORE_RESUME_BYTES: u64 = 64 * 1024 * 1024;
/// Bytes of a locked file of keys, or of a key file: all shares of a holder in a few epochs are a few KiB.
pub const KEY_FILE_BYTES_MAX: usize = 256 * 1024;
/// Bytes of an encrypted message that carries key shares to a holder.
pub const SHARE_MESSAGE_BYTES_MAX: usize = 64 * 1024;
/// scrypt work factor of a passphrase, N = 2^18: what the age tools use, about a second and 256 MiB.
pub const SCRYPT_LOG_N: u8 = 18;
/// Largest scrypt work factor that is unlocked: 2^22 takes 4 GiB, and the age tools go no further.
pub const SCRYPT_LOG_N_MAX: u8 = 22;
/// MiB of the store's cache, at least: below it filters and indexes push each other out.
pub const CACHE_MIB_MIN: u32 = 8;
/// MiB of the store's cache, at most: 64 GiB.
pub const CACHE_MIB_MAX: u32 = 64 * 1024;
/// Bytes of the manifest of a backup snapshot: a line for each of some dozens of tables.
pub const BACKUP_MANIFEST_BYTES_MAX: usize = 64 * 1024;
/// Files of a store in a backup snapshot: RocksDB's are 64 MiB each.
pub const BACKUP_FILES_MAX: usize = 5_000;
