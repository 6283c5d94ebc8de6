// Package regular reads files that a stranger may have written: regular files, up to
// a size. It knows nothing of their content.
package regular

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
)

// The maximum sizes of files, by content. No file that people or programs write for
// Terraform comes near them.
const (
	MostConfiguration = 16 << 20 // .tf, .tfvars, their JSON; module manifests of terraform init
	MostSettings      = 1 << 20  // .demarc.hcl
	// https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners#codeowners-file-size
	MostOwners = 3 << 20
)

// ErrOutside is the error of a link that leads out of the root from which a file is
// read.
var ErrOutside = errors.New("leads out of the repository")

// Read reads a file of at most the given size. It opens only regular files: a pipe
// waits for its writer, and a device may never end.
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

// Check returns an error for a file that is not regular, or too long.
func Check(info fs.FileInfo, most int64) error {
	switch {
	case !info.Mode().IsRegular():
		return errors.New("not a regular file")
	case info.Size() > most:
		return TooLong(most)
	}
	return nil
}

// TooLong is the error of a file that exceeds the given size.
type TooLong int64

func (most TooLong) Error() string { return fmt.Sprintf("larger than %d MiB", int64(most)>>20) }

// Escaped replaces the error of a link that leads out of a root with ErrOutside.
func Escaped(err error) error {
	if strings.Contains(err.Error(), "escapes") { // os has no error value for it
		return ErrOutside
	}
	return err
}

// ReadAtMost reads to the end. A file may be longer than its stated size: files in
// /proc state none.
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
