// Command registry is a registry of Terraform modules on the loopback interface,
// without a network: terraform get installs modules of bare clones from it. Usage:
//
//	registry MIRROR <REPOSITORIES
//
// MIRROR holds the clones, as OWNER+NAME/repo. REPOSITORIES has a line
// OWNER/NAME COMMIT for each repository: the versions of module OWNER/x/aws are the tags of
// OWNER/terraform-aws-x that COMMIT contains. It writes its address, and serves
// until it is terminated.
//
// The protocol: https://developer.hashicorp.com/terraform/internals/module-registry-protocol
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// A repository is a clone, up to a commit.
type repository struct {
	git, commit string
}

type registry struct {
	url          string
	repositories map[string]repository // by OWNER/NAME
}

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		log.Fatal("usage: registry MIRROR <REPOSITORIES")
	}
	repositories, err := read(os.Args[1], os.Stdin)
	if err != nil {
		log.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	r := registry{"http://" + l.Addr().String(), repositories}
	fmt.Println(r.url)
	log.Fatal(http.Serve(l, r.handler()))
}

func read(mirror string, list io.Reader) (map[string]repository, error) {
	repositories := map[string]repository{}
	lines := bufio.NewScanner(list)
	for lines.Scan() {
		if name, commit, ok := strings.Cut(lines.Text(), " "); ok {
			repositories[name] = repository{filepath.Join(mirror, strings.ReplaceAll(name, "/", "+"), "repo"), commit}
		}
	}
	return repositories, lines.Err()
}

func (r registry) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{owner}/{name}/{provider}/versions", r.versions)
	mux.HandleFunc("GET /{owner}/{name}/{provider}/{version}/download", r.download)
	mux.HandleFunc("GET /{owner}/{name}/{provider}/{version}/module.tar.gz", r.archive)
	return mux
}

// tags returns the tags of the module that a request names, by version.
func (r registry) tags(req *http.Request) (repository, map[string]string) {
	repo := r.repositories[fmt.Sprintf("%s/terraform-%s-%s", req.PathValue("owner"), req.PathValue("provider"), req.PathValue("name"))]
	if repo.git == "" {
		return repo, nil
	}
	out, err := exec.Command("git", "--git-dir", repo.git, "tag", "--merged", repo.commit).Output()
	if err != nil {
		log.Printf("%s: git tag: %v", repo.git, err)
	}
	tags := map[string]string{}
	for tag := range strings.FieldsSeq(string(out)) {
		if version := strings.TrimPrefix(tag, "v"); release.MatchString(version) {
			tags[version] = tag
		}
	}
	return repo, tags
}

var release = regexp.MustCompile(`^\d+\.\d+\.\d+$`)

func (r registry) versions(w http.ResponseWriter, req *http.Request) {
	_, tags := r.tags(req)
	if len(tags) == 0 {
		http.NotFound(w, req)
		return
	}
	type version struct {
		Version string `json:"version"`
	}
	var list []version
	for v := range tags {
		list = append(list, version{v})
	}
	json.NewEncoder(w).Encode(map[string]any{"modules": []any{map[string]any{"versions": list}}})
}

func (r registry) download(w http.ResponseWriter, req *http.Request) {
	w.Header().Set("X-Terraform-Get", r.url+strings.TrimSuffix(req.URL.Path, "download")+"module.tar.gz")
	w.WriteHeader(http.StatusNoContent)
}

func (r registry) archive(w http.ResponseWriter, req *http.Request) {
	repo, tags := r.tags(req)
	tag, ok := tags[req.PathValue("version")]
	if !ok {
		http.NotFound(w, req)
		return
	}
	// A database backup in an example is not part of a module, and too large for
	// some mirrors.
	out, err := exec.Command("git", "--git-dir", repo.git, "archive", "--format=tar.gz", tag, "--", ".", ":(exclude)*/backup.zip").Output()
	if err != nil {
		log.Printf("%s %s: git archive: %v", repo.git, tag, err)
		http.Error(w, "git archive", http.StatusInternalServerError)
		return
	}
	w.Write(out)
}
