package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
)

// mostSource is the size up to which a file of a repository is read whole.
const mostSource = 64 << 20

// readRegular reads a file of a repository that is at most so many bytes long.
// It opens nothing but regular files: a pipe waits for its writer, and a device
// may never end.
func readRegular(fsys fs.FS, name string, most int64) ([]byte, error) {
	info, err := fs.Stat(fsys, name)
	if err == nil {
		err = regular(info, most)
	}
	if err != nil {
		return nil, escaped(err)
	}
	f, err := fsys.Open(name)
	if err != nil {
		return nil, escaped(err)
	}
	defer f.Close()
	if info, err = f.Stat(); err == nil {
		err = regular(info, most)
	}
	if err != nil {
		return nil, err
	}
	return readAtMost(f, info.Size(), most)
}

// regular is an error for what is no regular file, or too long.
func regular(info fs.FileInfo, most int64) error {
	switch {
	case !info.Mode().IsRegular():
		return errors.New("not a regular file")
	case info.Size() > most:
		return tooLong(most)
	}
	return nil
}

func tooLong(most int64) error { return fmt.Errorf("larger than %d MiB", most>>20) }

// escaped names the error of a link that leads out of a root.
func escaped(err error) error {
	if strings.Contains(err.Error(), "escapes") { // os has no error value for it
		return errOutside
	}
	return err
}

// readAtMost reads to the end. A file may be longer than its size says: those
// of /proc have none.
func readAtMost(r io.Reader, size, most int64) ([]byte, error) {
	var text bytes.Buffer
	text.Grow(int(min(size, most)) + bytes.MinRead)
	switch n, err := text.ReadFrom(io.LimitReader(r, most+1)); {
	case err != nil:
		return nil, err
	case n > most:
		return nil, tooLong(most)
	}
	return text.Bytes(), nil
}
