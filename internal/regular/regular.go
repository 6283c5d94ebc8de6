// Package regular reads files that a stranger may have written: regular ones, up
// to a size. It knows nothing of what is in them.
package regular

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
)

// The sizes up to which files are read, by what they hold. No file that people
// or programs write for Terraform comes near them.
const (
	MostConfiguration = 16 << 20 // .tf, .tfvars, their JSON; what terraform init writes about modules
	MostSettings      = 1 << 20  // .demarc.hcl
	// https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners#codeowners-file-size
	MostOwners = 3 << 20
)

// ErrOutside says that a link leads out of the root that a file is read from.
var ErrOutside = errors.New("leads out of the repository")

// Read reads a file that is at most so many bytes long. It opens nothing but
// regular files: a pipe waits for its writer, and a device may never end.
func Read(fsys fs.FS, name string, most int64) ([]byte, error) {
	info, err := fs.Stat(fsys, name)
	if err == nil {
		err = Check(info, most)
	}
	if err != nil {
		return nil, Escaped(err)
	}
	f, err := fsys.Open(name)
	if err != nil {
		return nil, Escaped(err)
	}
	defer f.Close()
	if info, err = f.Stat(); err == nil {
		err = Check(info, most)
	}
	if err != nil {
		return nil, err
	}
	return ReadAtMost(f, info.Size(), most)
}

// Check is an error for what is no regular file, or too long.
func Check(info fs.FileInfo, most int64) error {
	switch {
	case !info.Mode().IsRegular():
		return errors.New("not a regular file")
	case info.Size() > most:
		return TooLong(most)
	}
	return nil
}

// TooLong is the error of what is longer than so many bytes.
type TooLong int64

func (most TooLong) Error() string { return fmt.Sprintf("larger than %d MiB", int64(most)>>20) }

// Escaped names the error of a link that leads out of a root.
func Escaped(err error) error {
	if strings.Contains(err.Error(), "escapes") { // os has no error value for it
		return ErrOutside
	}
	return err
}

// ReadAtMost reads to the end. A file may be longer than its size says: those
// of /proc have none.
func ReadAtMost(r io.Reader, size, most int64) ([]byte, error) {
	var text bytes.Buffer
	text.Grow(int(min(size, most)) + bytes.MinRead)
	switch n, err := text.ReadFrom(io.LimitReader(r, most+1)); {
	case err != nil:
		return nil, err
	case n > most:
		return nil, TooLong(most)
	}
	return text.Bytes(), nil
}
