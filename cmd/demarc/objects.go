package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"strings"
	"sync"

	"github.com/demarc/demarc/internal/regular"
)

// gitObjects read blobs from git by their ids. Safe for concurrent use.
type gitObjects struct {
	talk    gitTalk
	partial func() bool

	mu   sync.Mutex
	kept map[string][]byte // texts whose size was requested before they are read
	all  int               // bytes in kept
}

// mostKept is the number of bytes that are kept between the size and the text of
// blobs.
const mostKept = 64 << 20

// objects opens the objects of a work tree until the context ends.
func (g *gitTree) objects(ctx context.Context) *gitObjects {
	return &gitObjects{
		talk:    gitTalk{start: func() *exec.Cmd { return g.command(ctx, "cat-file", "--batch") }},
		partial: sync.OnceValue(func() bool { return g.partial(ctx) }),
		kept:    map[string][]byte{},
	}
}

func (o *gitObjects) close() { o.talk.close() }

// size returns the size of a blob; for a blob that exceeds the bound, the bound and
// more.
func (o *gitObjects) size(id string, most int64) (int64, error) {
	text, err := o.blob(id, most)
	switch {
	case errors.As(err, new(regular.TooLong)):
		return most + 1, nil
	case err != nil:
		return 0, err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.all+len(text) > mostKept {
		o.kept, o.all = map[string][]byte{}, 0
	}
	o.kept[id] = text
	o.all += len(text)
	return int64(len(text)), nil
}

// take returns a kept text, once.
func (o *gitObjects) take(id string) ([]byte, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	text, ok := o.kept[id]
	if ok {
		delete(o.kept, id)
		o.all -= len(text)
	}
	return text, ok
}

// blob returns a text of limited size.
func (o *gitObjects) blob(id string, most int64) ([]byte, error) {
	if text, ok := o.take(id); ok && int64(len(text)) <= most {
		return text, nil
	}
	var text []byte
	err := o.talk.ask(id, func(size int64, r *bufio.Reader) error {
		if size > most {
			return regular.TooLong(most)
		}
		text = make([]byte, size+1) // and a newline
		_, err := io.ReadFull(r, text)
		text = text[:size]
		return err
	})
	if err != nil {
		return nil, o.explained(err)
	}
	return text, nil
}

// errAbsent is the error for a blob that git does not have.
var errAbsent = errors.New("git does not have it")

// explained adds to an error that a partial clone may be the reason: git may end at
// a blob that it lacks and must not fetch.
func (o *gitObjects) explained(err error) error {
	if !errors.As(err, new(regular.TooLong)) && o.partial() {
		return fmt.Errorf("%w: %s", errAbsent, ofPartial)
	}
	return err
}

// A gitTalk is a git cat-file process that answers one request after the other. It
// starts with a request, and restarts after it ended at an answer.
type gitTalk struct {
	start func() *exec.Cmd

	mu   sync.Mutex
	cmd  *exec.Cmd // nil: not started
	in   io.WriteCloser
	out  *bufio.Reader
	said *firstLine
	ends int
}

// ask requests a blob by its id, and reads the answer after its header, the size.
func (t *gitTalk) ask(id string, read func(size int64, r *bufio.Reader) error) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := t.begin(); err != nil {
		return fmt.Errorf("git cat-file: %w", err)
	}
	size, err := t.head(id)
	if err == nil {
		err = read(size, t.out)
	}
	if err == nil || err == errAbsent {
		return err
	}
	t.ends++
	t.end()
	if errors.As(err, new(regular.TooLong)) {
		return err
	}
	return fmt.Errorf("git cat-file: %s", t.said.or(err))
}

// head returns the size in "<id> <type> <size>".
func (t *gitTalk) head(id string) (int64, error) {
	if _, err := fmt.Fprintln(t.in, id); err != nil {
		return 0, err
	}
	head, err := t.out.ReadString('\n')
	if err != nil {
		return 0, err
	}
	fields := strings.Fields(head)
	if len(fields) != 3 { // "<id> missing"
		return 0, errAbsent
	}
	return strconv.ParseInt(fields[2], 10, 64)
}

func (t *gitTalk) begin() error {
	const most = 1000
	switch {
	case t.cmd != nil:
		return nil
	case t.ends > most:
		return errors.New("it keeps exiting")
	}
	cmd := t.start()
	said := &firstLine{}
	cmd.Stderr = said
	in, errIn := cmd.StdinPipe()
	out, errOut := cmd.StdoutPipe()
	if err := errors.Join(errIn, errOut); err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	limitMemory(cmd.Process)
	t.cmd, t.in, t.out, t.said = cmd, in, bufio.NewReader(out), said
	return nil
}

func (t *gitTalk) close() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.cmd != nil {
		t.end()
	}
}

// end ends the process, which may be in the middle of an answer.
func (t *gitTalk) end() {
	t.in.Close()
	_ = t.cmd.Process.Kill() // it may have ended by itself
	_ = t.cmd.Wait()
	t.cmd = nil
}
