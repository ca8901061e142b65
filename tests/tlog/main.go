// Command tlog checks an exported or served log with the packages of the Go checksum database, which know nothing of
// Tallystick: golang.org/x/mod/sumdb/note for the signatures and golang.org/x/mod/sumdb/tlog for the tree.
//
//	tlog -log VKEY [-cosigner VKEY]... [-cosigned COUNT] [-quorum COUNT] [-old CHECKPOINT]... FOLDER|URL
//
// Everything is read: every tile, every entry, every signature line. A folder may also hold narrower partial tiles of
// earlier sizes, which must agree with the rest, and no other file under tile/. It exits with 0 when all holds, with 1
// when something does not, and with 2 when it was called wrongly.
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	tileHeight = 8
	tileWidth  = 1 << tileHeight
	// Of a C2SP cosignature/v1 key; Ed25519 keys of notes have 1.
	cosignatureV1 = 4
)

// A list of flags of one name.
type list []string

func (l *list) String() string     { return strings.Join(*l, " ") }
func (l *list) Set(s string) error { *l = append(*l, s); return nil }

func main() {
	var cosigners, olds list
	logKey := flag.String("log", "", "verifier key of the log")
	flag.Var(&cosigners, "cosigner", "verifier key of a witness")
	flag.Var(&olds, "old", "file of an earlier checkpoint of the log")
	cosigned := flag.Int("cosigned", 0, "cosignatures that the checkpoint must have")
	quorum := flag.Int("quorum", 0, "cosignatures that the file quorum must have")
	flag.Parse()
	if *logKey == "" || flag.NArg() != 1 {
		flag.Usage()
		os.Exit(2)
	}
	v, err := newVerifier(*logKey, cosigners, flag.Arg(0))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	if err := v.run(*cosigned, *quorum, olds); err != nil {
		fmt.Println("REJECTED:", err)
		os.Exit(1)
	}
	fmt.Printf("accepted: %d entries, %d files, root %s\n", v.tree.N, v.files, v.tree.Hash)
}

type verifier struct {
	log       note.Verifier
	known     note.Verifiers
	cosigners map[string]bool
	source    func(path string) ([]byte, error)
	folder    string // empty for a log that is served
	tree      tlog.Tree
	entries   [][]byte
	hashes    []tlog.Hash // every stored hash of the tree, made from the entries alone
	files     int
}

func newVerifier(logKey string, cosigners []string, where string) (*verifier, error) {
	log, err := note.NewVerifier(logKey)
	if err != nil {
		return nil, fmt.Errorf("-log: %w", err)
	}
	v := &verifier{log: log, cosigners: map[string]bool{}}
	all := []note.Verifier{log}
	for _, key := range cosigners {
		cosigner, err := newCosigner(key)
		if err != nil {
			return nil, fmt.Errorf("-cosigner: %w", err)
		}
		all = append(all, cosigner)
		v.cosigners[cosigner.Name()+" "+strconv.FormatUint(uint64(cosigner.KeyHash()), 16)] = true
	}
	v.known = note.VerifierList(all...)
	if strings.HasPrefix(where, "http://") || strings.HasPrefix(where, "https://") {
		v.source = func(path string) ([]byte, error) { return get(strings.TrimSuffix(where, "/") + "/" + path) }
		return v, nil
	}
	v.folder = where
	v.source = func(path string) ([]byte, error) { return os.ReadFile(filepath.Join(where, filepath.FromSlash(path))) }
	return v, nil
}

func get(url string) ([]byte, error) {
	response, err := http.Get(url)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", url, response.Status)
	}
	return io.ReadAll(io.LimitReader(response.Body, 32<<20))
}

func (v *verifier) run(cosigned, quorum int, olds []string) error {
	bytes, err := v.source("checkpoint")
	if err != nil {
		return err
	}
	tree, count, err := v.checkpoint(bytes)
	if err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	if count < cosigned {
		return fmt.Errorf("checkpoint: %d cosignatures, %d expected", count, cosigned)
	}
	v.tree = tree
	if err := v.readEntries(); err != nil {
		return err
	}
	if err := v.checkRoot(); err != nil {
		return err
	}
	if err := v.checkTiles(); err != nil {
		return err
	}
	if err := v.readAsClient(); err != nil {
		return err
	}
	if v.folder != "" {
		if err := v.walk(); err != nil {
			return err
		}
		if err := v.checkQuorum(quorum); err != nil {
			return fmt.Errorf("quorum: %w", err)
		}
	}
	for _, old := range olds {
		bytes, err := os.ReadFile(old)
		if err != nil {
			return err
		}
		if _, err := v.earlier(bytes); err != nil {
			return fmt.Errorf("%s: %w", old, err)
		}
	}
	return nil
}

// checkpoint opens a checkpoint and counts its cosignatures. Every line must be of a key that was given: whoever checks
// has the roster, so a line of somebody else is a damaged one.
func (v *verifier) checkpoint(bytes []byte) (tlog.Tree, int, error) {
	opened, err := note.Open(bytes, v.known)
	if err != nil {
		return tlog.Tree{}, 0, err
	}
	if len(opened.UnverifiedSigs) > 0 {
		return tlog.Tree{}, 0, fmt.Errorf("a line of the unknown key %q", opened.UnverifiedSigs[0].Name)
	}
	signed, count := false, 0
	for _, sig := range opened.Sigs {
		// note decodes leniently: the bits that no byte needs must be zero all the same.
		if _, err := base64.StdEncoding.Strict().DecodeString(sig.Base64); err != nil {
			return tlog.Tree{}, 0, err
		}
		if sig.Name == v.log.Name() && sig.Hash == v.log.KeyHash() {
			signed = true
		}
		if v.cosigners[sig.Name+" "+strconv.FormatUint(uint64(sig.Hash), 16)] {
			count++
		}
	}
	if !signed {
		return tlog.Tree{}, 0, errors.New("not signed by the log")
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[3] != "" {
		return tlog.Tree{}, 0, errors.New("a checkpoint has three lines")
	}
	if lines[0] != v.log.Name() {
		return tlog.Tree{}, 0, fmt.Errorf("origin %q", lines[0])
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || strconv.FormatInt(size, 10) != lines[1] {
		return tlog.Tree{}, 0, fmt.Errorf("size %q", lines[1])
	}
	root, err := base64.StdEncoding.Strict().DecodeString(lines[2])
	if err != nil || len(root) != tlog.HashSize {
		return tlog.Tree{}, 0, fmt.Errorf("root %q", lines[2])
	}
	tree := tlog.Tree{N: size}
	copy(tree.Hash[:], root)
	return tree, count, nil
}

// readEntries reads every bundle of the tree.
func (v *verifier) readEntries() error {
	for n := int64(0); n*tileWidth < v.tree.N; n++ {
		width := int(min64(tileWidth, v.tree.N-n*tileWidth))
		path := "tile/entries/" + place(n, width)
		bundle, err := v.source(path)
		if err != nil {
			return err
		}
		entries, err := split(bundle)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		if len(entries) != width {
			return fmt.Errorf("%s: %d entries, not %d", path, len(entries), width)
		}
		v.entries = append(v.entries, entries...)
		v.files++
	}
	return nil
}

func split(bundle []byte) ([][]byte, error) {
	var entries [][]byte
	for len(bundle) > 0 {
		if len(bundle) < 2 {
			return nil, errors.New("ends in the middle of a length")
		}
		length := int(binary.BigEndian.Uint16(bundle))
		if bundle = bundle[2:]; len(bundle) < length {
			return nil, errors.New("ends in the middle of an entry")
		}
		entries, bundle = append(entries, bundle[:length]), bundle[length:]
	}
	return entries, nil
}

// checkRoot makes the tree from the entries and compares its root with the signed one.
func (v *verifier) checkRoot() error {
	for n, entry := range v.entries {
		made, err := tlog.StoredHashes(int64(n), entry, v.reader())
		if err != nil {
			return err
		}
		v.hashes = append(v.hashes, made...)
	}
	root := tlog.Hash(sha256.Sum256(nil))
	if v.tree.N > 0 {
		var err error
		if root, err = tlog.TreeHash(v.tree.N, v.reader()); err != nil {
			return err
		}
	}
	if root != v.tree.Hash {
		return fmt.Errorf("the entries lead to root %s, and %s is signed", root, v.tree.Hash)
	}
	return nil
}

func (v *verifier) reader() tlog.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		found := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			if index >= int64(len(v.hashes)) {
				return nil, fmt.Errorf("no hash %d", index)
			}
			found[i] = v.hashes[index]
		}
		return found, nil
	})
}

// checkTiles compares every tile of the tree with what the entries lead to.
func (v *verifier) checkTiles() error {
	for _, tile := range tlog.NewTiles(tileHeight, 0, v.tree.N) {
		// It lists every width up to the one that the tree has.
		if hashes := v.tree.N >> (tileHeight * uint(tile.L)); int64(tile.W) != min64(tileWidth, hashes-tile.N*tileWidth) {
			continue
		}
		if err := v.checkTile(tile); err != nil {
			return err
		}
		v.files++
	}
	return nil
}

func (v *verifier) checkTile(tile tlog.Tile) error {
	path := tilePath(tile)
	found, err := v.source(path)
	if err != nil {
		return err
	}
	expected, err := tlog.ReadTileData(tile, v.reader())
	if err != nil {
		return err
	}
	if !bytes.Equal(found, expected) {
		return fmt.Errorf("%s: not the hashes of the entries", path)
	}
	return nil
}

// tiles serves tlog's own reader of tiles, which knows the tree's root and checks what it is given against it.
type tiles struct{ v *verifier }

func (t tiles) Height() int { return tileHeight }

func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	found := make([][]byte, len(wanted))
	for i, tile := range wanted {
		var err error
		if found[i], err = t.v.source(tilePath(tile)); err != nil {
			return nil, err
		}
	}
	return found, nil
}

func (t tiles) SaveTiles([]tlog.Tile, [][]byte) {}

// readAsClient reads as a client of the checksum database does, who has the tiles alone: the first and the last entry
// of every bundle are proved to be in the tree.
func (v *verifier) readAsClient() error {
	reader := tlog.TileHashReader(v.tree, tiles{v})
	for n := int64(0); n < v.tree.N; n += tileWidth {
		for _, index := range []int64{n, min64(n+tileWidth, v.tree.N) - 1} {
			proof, err := tlog.ProveRecord(v.tree.N, index, reader)
			if err != nil {
				return fmt.Errorf("entry %d: %w", index, err)
			}
			hash := tlog.RecordHash(v.entries[index])
			if err := tlog.CheckRecord(proof, v.tree.N, v.tree.Hash, index, hash); err != nil {
				return fmt.Errorf("entry %d: %w", index, err)
			}
		}
	}
	return nil
}

// walk looks at every file under tile/: one that does not belong to the tree must be a narrower form of one that does.
func (v *verifier) walk() error {
	top := filepath.Join(v.folder, "tile")
	if _, err := os.Stat(top); errors.Is(err, fs.ErrNotExist) && v.tree.N == 0 {
		return nil
	}
	return filepath.WalkDir(top, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		path, err := filepath.Rel(v.folder, name)
		if err != nil {
			return err
		}
		return v.anyFile(filepath.ToSlash(path))
	})
}

func (v *verifier) anyFile(path string) error {
	if n, width, ok := parseEntries(path); ok {
		from, to := n*tileWidth, n*tileWidth+int64(width)
		if to > v.tree.N {
			return fmt.Errorf("%s: beyond the tree", path)
		}
		bundle, err := v.source(path)
		if err != nil {
			return err
		}
		entries, err := split(bundle)
		if err != nil || len(entries) != width {
			return fmt.Errorf("%s: not %d entries", path, width)
		}
		for i, entry := range entries {
			if !bytes.Equal(entry, v.entries[from+int64(i)]) {
				return fmt.Errorf("%s: other entries than in the tree", path)
			}
		}
		return nil
	}
	// The checksum database names the height too.
	tile, err := tlog.ParseTilePath(strings.Replace(path, "tile/", "tile/8/", 1))
	if err != nil || tilePath(tile) != path || tile.L < 0 {
		return fmt.Errorf("%s: no tile", path)
	}
	if hashes := v.tree.N >> (tileHeight * uint(tile.L)); tile.N*tileWidth+int64(tile.W) > hashes {
		return fmt.Errorf("%s: beyond the tree", path)
	}
	return v.checkTile(tile)
}

func (v *verifier) checkQuorum(needed int) error {
	found, err := v.source("quorum")
	if errors.Is(err, fs.ErrNotExist) && needed == 0 {
		return nil
	}
	if err != nil {
		return err
	}
	count, err := v.earlier(found)
	if err == nil && count < needed {
		err = fmt.Errorf("%d cosignatures, %d needed", count, needed)
	}
	return err
}

// earlier opens an earlier checkpoint of the log, proves that its tree is the beginning of this one, and counts its
// cosignatures.
func (v *verifier) earlier(bytes []byte) (int, error) {
	old, count, err := v.checkpoint(bytes)
	if err != nil {
		return 0, err
	}
	switch {
	case old.N > v.tree.N:
		return 0, fmt.Errorf("has %d entries, and the log %d", old.N, v.tree.N)
	case old.N == 0:
		if old.Hash != tlog.Hash(sha256.Sum256(nil)) {
			return 0, errors.New("not the root of no entries")
		}
		return count, nil
	}
	proof, err := tlog.ProveTree(v.tree.N, old.N, v.reader())
	if err != nil {
		return 0, err
	}
	return count, tlog.CheckTree(proof, v.tree.N, v.tree.Hash, old.N, old.Hash)
}

// tilePath is the path of C2SP tlog-tiles, which fixes the height.
func tilePath(tile tlog.Tile) string {
	return fmt.Sprintf("tile/%d/%s", tile.L, place(tile.N, tile.W))
}

func place(n int64, width int) string {
	text := fmt.Sprintf("%03d", n%1000)
	for n >= 1000 {
		n /= 1000
		text = fmt.Sprintf("x%03d/%s", n%1000, text)
	}
	if width != tileWidth {
		text += fmt.Sprintf(".p/%d", width)
	}
	return text
}

func parseEntries(path string) (n int64, width int, ok bool) {
	rest := strings.TrimPrefix(path, "tile/entries/")
	if rest == path {
		return 0, 0, false
	}
	width = tileWidth
	if digits, partial, found := strings.Cut(rest, ".p/"); found {
		var err error
		if width, err = strconv.Atoi(partial); err != nil {
			return 0, 0, false
		}
		rest = digits
	}
	for _, group := range strings.Split(rest, "/") {
		digits, err := strconv.ParseInt(strings.TrimPrefix(group, "x"), 10, 64)
		if err != nil {
			return 0, 0, false
		}
		n = n*1000 + digits
	}
	return n, width, "tile/entries/"+place(n, width) == path
}

func min64(a, b int64) int64 {
	if a < b {
		return a
	}
	return b
}

// cosigner verifies C2SP cosignature/v1 lines, which the checksum database does not have.
type cosigner struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func newCosigner(vkey string) (note.Verifier, error) {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		return nil, errors.New("no verifier key")
	}
	hash, err := strconv.ParseUint(parts[1], 16, 32)
	if err != nil || len(parts[1]) != 8 {
		return nil, errors.New("no key id")
	}
	key, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(key) != 1+ed25519.PublicKeySize || key[0] != cosignatureV1 {
		return nil, errors.New("no key of cosignature/v1")
	}
	id := sha256.Sum256(append([]byte(parts[0]+"\n"), key...))
	if binary.BigEndian.Uint32(id[:]) != uint32(hash) {
		return nil, errors.New("the key id is of another key")
	}
	return &cosigner{parts[0], uint32(hash), key[1:]}, nil
}

func (c *cosigner) Name() string    { return c.name }
func (c *cosigner) KeyHash() uint32 { return c.hash }

func (c *cosigner) Verify(message, signature []byte) bool {
	if len(signature) != 8+ed25519.SignatureSize {
		return false
	}
	time := binary.BigEndian.Uint64(signature)
	signed := fmt.Sprintf("cosignature/v1\ntime %d\n%s", time, message)
	return ed25519.Verify(c.key, []byte(signed), signature[8:])
}
