package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/tfconfig"
)

func (p *process) initCommand() *cobra.Command {
	var f flags
	stdout := false
	cmd := &cobra.Command{
		Use:   "init [DIR]",
		Short: "Write a configuration file with attestations to fill in",
		Long: `Init reads the Terraform source in a directory, by default the current one,
given, and writes a ` + configName + ` there. It offers, as comments to fill in, an
attestation for each control objective of yours that no configuration can show
and that concerns what it found: the shared controls of the model, people and
procedures, then layer by layer; each with what good evidence is.

It never changes a file. Where there is one already, --stdout prints what that
does not yet attest.`,
		Example: `  demarc init
  demarc init --stdout envs/prod`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usagef("init needs one directory, got %d", len(args))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.init(cmd.Context(), &f, append(args, ".")[0], stdout)
		},
	}
	set := cmd.Flags()
	set.BoolVar(&stdout, "stdout", false, "print it instead of writing the file")
	f.reading(set)
	return cmd
}

func (p *process) init(ctx context.Context, f *flags, dir string, stdout bool) error {
	if t := p.find([]string{dir}); len(t.dirs) == 0 && len(t.errs) == 0 {
		return usagef("init needs a directory, not %q", dir)
	}
	s, sets, err := p.read(ctx, f, []string{dir})
	if err != nil {
		return err
	}
	if s.cfg.file != "" && !stdout {
		return usagef("%s exists and was not changed: demarc init --stdout prints what is not yet attested", s.shown(s.cfg.file))
	}
	form, complete, err := s.form(ctx, sets)
	if err != nil {
		return err
	}
	if err := p.deliverForm(form, dir, stdout); err != nil {
		return err
	}
	if !complete {
		return fmt.Errorf("not everything in %s could be read, so attestations may be missing: demarc scan explains what is wrong", dir)
	}
	return nil
}

// form determines what to offer, and reports whether everything was read.
func (s *session) form(ctx context.Context, sets []*analyzer.Set) (*form, bool, error) {
	complete := true
	for _, err := range s.errs {
		if !errors.Is(err, tfconfig.ErrNothing) {
			fail(s.stderr, err)
			complete = false
		}
	}
	form := &form{today: s.today, settings: s.cfg.file == ""}
	if len(sets) > 0 {
		rep, err := s.judgeAll(ctx, sets)
		if err != nil {
			return nil, false, err
		}
		form.duties = rep.Duties
		complete = complete && !rep.Coverage.Incomplete()
	}
	form.offer(s.cfg.attestations)
	return form, complete, nil
}

// deliverForm prints the form, or creates the file if there is none.
func (p *process) deliverForm(form *form, dir string, stdout bool) error {
	if stdout {
		_, err := p.stdout.Write(form.text())
		return err
	}
	name := filepath.Join(dir, configName)
	if err := p.newFile(name, form.text()); err != nil {
		return fmt.Errorf("write %s: %w", name, reason(err))
	}
	_, err := fmt.Fprintf(p.stdout, "wrote %s: %s\n", name, form.summary())
	return err
}
