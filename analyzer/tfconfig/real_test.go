package tfconfig

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"testing"
)

func TestReal(t *testing.T) {
	dir := os.Getenv("REAL")
	if dir == "" {
		t.Skip("REAL names no directory")
	}
	set, err := Load(context.Background(), Options{FS: os.DirFS(dir), Paths: []string{cmp.Or(os.Getenv("REALPATH"), ".")}})
	fmt.Print(describe(set, err))
}
