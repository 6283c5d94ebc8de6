package responsibility

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/demarc/demarc/analyzer"
)

// The owners as a matrix, so that a change of the model is visible as a whole.
// p: provider, c: customer, s: shared, -: not stated; published, then today.
func TestModel(t *testing.T) {
	want := map[analyzer.Layer]string{
		analyzer.CustomerData:             "cc cc cc",
		analyzer.IdentityAndAccess:        "cc cc cc",
		analyzer.ClientSideEncryption:     "cc cc cc",
		analyzer.ServerSideEncryption:     "cc ps ps",
		analyzer.NetworkTrafficProtection: "cc cc ps",
		analyzer.FirewallConfiguration:    "cc cc ps",
		analyzer.NetworkConfiguration:     "cc pp pp",
		analyzer.PlatformAndApplication:   "cc pp pp",
		analyzer.OperatingSystem:          "cc pp pp",
		analyzer.BusinessContinuity:       "-c -s -s",
		analyzer.LoggingAndMonitoring:     "-c -c -c",
		analyzer.FoundationServices:       "pp pp pp",
		analyzer.GlobalInfrastructure:     "pp pp pp",
	}
	got := map[analyzer.Layer]string{}
	for _, l := range analyzer.Layers() {
		for i, m := range analyzer.Models() {
			if i > 0 {
				got[l] += " "
			}
			c := cell(m, l)
			got[l] += letter(c.Published) + letter(c.Today)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func letter(o analyzer.Owner) string {
	if o == analyzer.NotStated {
		return "-"
	}
	return string(o[0])
}

func TestLayersAreDescribed(t *testing.T) {
	if len(table()) != len(analyzer.Layers()) {
		t.Errorf("table has %d lines, the model %d layers", len(table()), len(analyzer.Layers()))
	}
	for _, l := range analyzer.Layers() {
		if LayerTitle(l) == string(l) || LayerAbout(l) == "" {
			t.Errorf("%s: title %q, about %q", l, LayerTitle(l), LayerAbout(l))
		}
	}
	if got := LayerTitle("no-layer") + LayerAbout("no-layer"); got != "no-layer" {
		t.Errorf("an unknown layer is called %q", got)
	}
}

// Every cell of the model and of the services has both parts in words, and its
// sources.
func TestCellsAreComplete(t *testing.T) {
	for _, m := range analyzer.Models() {
		for _, l := range analyzer.Layers() {
			checkCell(t, string(m)+" "+string(l), cell(m, l))
		}
	}
	for _, s := range Services() {
		seen := map[analyzer.Override]bool{}
		for _, o := range s.Overrides {
			name := s.ID + " " + string(o.Model) + " " + string(o.Layer)
			checkCell(t, name, o.Cell)
			if key := (analyzer.Override{Layer: o.Layer, Model: o.Model}); seen[key] {
				t.Errorf("%s is overridden twice", name)
			} else {
				seen[key] = true
			}
			if !slices.Contains(analyzer.Layers(), o.Layer) || !slices.Contains(modelsOf(s), o.Model) {
				t.Errorf("%s overrides what there is not", name)
			}
			if base := cell(o.Model, o.Layer); base.Today == o.Cell.Today && base.Today != analyzer.SharedOwned && o.Cell.Yours == base.Yours && o.Cell.Theirs == base.Theirs {
				t.Errorf("%s says what the model says", name)
			}
		}
	}
}

func checkCell(t *testing.T, name string, c analyzer.Cell) {
	t.Helper()
	yours, theirs := c.Today == analyzer.CustomerOwned || c.Today == analyzer.SharedOwned, c.Today == analyzer.ProviderOwned || c.Today == analyzer.SharedOwned
	if yours != (c.Yours != "") || theirs != (c.Theirs != "") {
		t.Errorf("%s is %s: yours %q, theirs %q", name, c.Today, c.Yours, c.Theirs)
	}
	if !isLink(c.TodaySource) {
		t.Errorf("%s: today's source %q is no link", name, c.TodaySource)
	}
	if (c.Published != analyzer.NotStated) != isLink(c.PublishedSource) {
		t.Errorf("%s: published %q, source %q", name, c.Published, c.PublishedSource)
	}
}

// The paper lists the customer's duties for these services.
func TestPublishedOwners(t *testing.T) {
	always := []analyzer.Layer{customerData, identityAndAccess, clientSideEncryption}
	tests := map[string][]analyzer.Layer{
		"ec2": {platform, guest, network, firewall, traffic, serverSideEncryption},
		"rds": {traffic, firewall},
		"s3":  nil,
	}
	for id, duties := range tests {
		s := serviceByID(t, id)
		want, got := map[analyzer.Layer]bool{}, map[analyzer.Layer]bool{}
		for _, l := range append(duties, always...) {
			want[l] = true
		}
		for _, l := range analyzer.Layers() {
			if Catalogue().CellFor(s, s.Model, l).Published == analyzer.CustomerOwned {
				got[l] = true
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", id, diff)
		}
	}
	for _, s := range Services() {
		for _, m := range modelsOf(s) {
			if c := Catalogue().CellFor(s, m, identityAndAccess); c.Published != analyzer.CustomerOwned || !c.Today.Customers() {
				t.Errorf("%s %s: identity and access is %s, was %s", s.ID, m, c.Today, c.Published)
			}
		}
	}
}

func serviceByID(t *testing.T, id string) *analyzer.Service {
	t.Helper()
	for _, s := range Services() {
		if s.ID == id {
			return s
		}
	}
	t.Fatalf("no service %s", id)
	return nil
}

// The layers that Terraform shows of these services belong to the customer,
// wholly or in part: a check on them must not be n/a.
func TestLayersThatTerraformShows(t *testing.T) {
	tests := map[string][]analyzer.Layer{
		"apigateway":       {traffic, firewall, logging, serverSideEncryption},
		"backup":           {continuity, serverSideEncryption, customerData},
		"cloudfront":       {traffic, firewall, logging},
		"cloudtrail":       {logging, serverSideEncryption, clientSideEncryption},
		"codebuild":        {platform, logging, serverSideEncryption},
		"config":           {logging},
		"docdb":            {platform, network, traffic, serverSideEncryption, continuity},
		"dynamodb":         {serverSideEncryption, continuity, firewall},
		"ebs":              {serverSideEncryption, firewall, continuity},
		"ecr":              {platform, serverSideEncryption},
		"ecs":              {platform, network, firewall, logging},
		"efs":              {serverSideEncryption, traffic, continuity},
		"eks":              {platform, network, firewall, logging, serverSideEncryption},
		"elasticache":      {platform, traffic, serverSideEncryption, continuity},
		"elasticbeanstalk": {platform, guest, logging},
		"elb":              {traffic, firewall, network, logging, continuity, customerData},
		"emr":              {platform, guest, network, firewall, traffic, serverSideEncryption, logging},
		"guardduty":        {logging},
		"inspector":        {platform, guest},
		"kms":              {identityAndAccess, serverSideEncryption, customerData},
		"lambda":           {platform, network, firewall, traffic, serverSideEncryption, logging},
		"logs":             {serverSideEncryption, logging, customerData},
		"msk/container":    {platform, traffic, firewall, serverSideEncryption, logging},
		"neptune":          {platform, serverSideEncryption, continuity, logging},
		"opensearch":       {platform, network, traffic, firewall, serverSideEncryption, logging},
		"rds":              {platform, network, traffic, firewall, serverSideEncryption, continuity, logging},
		"redshift":         {platform, network, traffic, firewall, serverSideEncryption, continuity, logging},
		"s3":               {traffic, firewall, serverSideEncryption, continuity, logging, customerData},
		"sagemaker":        {platform, guest, network, firewall, serverSideEncryption},
		"shield":           {firewall},
		"sns":              {traffic, firewall, serverSideEncryption},
		"sqs":              {traffic, firewall, serverSideEncryption},
		"ssm-patch":        {platform, guest},
		"vpc":              {network, firewall, traffic, logging},
		"wafv2":            {firewall, logging},
	}
	for name, layers := range tests {
		id, only, limited := strings.Cut(name, "/")
		s := serviceByID(t, id)
		for _, m := range modelsOf(s) {
			if limited && string(m) != only {
				continue
			}
			for _, l := range layers {
				if c := Catalogue().CellFor(s, m, l); !c.Today.Customers() {
					t.Errorf("%s %s: %s is of owner %s", id, m, l, c.Today)
				}
			}
		}
	}
}

func TestSharedControls(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range SharedControls() {
		if c.ID == "" || seen[c.ID] || c.Title == "" || c.Yours == "" || c.Theirs == "" || !isLink(c.Source) {
			t.Errorf("incomplete: %+v", c)
		}
		for _, id := range c.Objectives {
			if _, ok := ObjectiveOf(id); !ok {
				t.Errorf("%s: there is no objective %s", c.ID, id)
			}
		}
		seen[c.ID] = true
	}
	if len(seen) != 3 {
		t.Errorf("%d shared controls, the model has 3", len(seen))
	}
}
