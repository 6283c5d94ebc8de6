package responsibility

import (
	"sort"
	"strings"
	"sync"

	"github.com/demarc/demarc/analyzer"
)

// Catalogue is the responsibility model of AWS and its services, for
// judge.Options.
func Catalogue() analyzer.Catalogue {
	return analyzer.Catalogue{Service: ServiceOf, Cell: cell, Standing: standing, Attestable: attestable, Organisation: organisation()}
}

// ServiceOf is the service of a resource type or data source: Amazon RDS for
// aws_db_instance. It is nil for an account and for a type of no known service,
// such as the types of other providers. A type that is newer than the tables
// belongs to the service whose types begin with the same words.
func ServiceOf(mode analyzer.Mode, typ string) *analyzer.Service {
	name, aws := strings.CutPrefix(typ, "aws_")
	if !aws || mode == analyzer.Account {
		return nil
	}
	types := services().types
	for name != "" {
		if service := types[name]; service != nil {
			return service()
		}
		name = name[:max(strings.LastIndexByte(name, '_'), 0)]
	}
	return nil
}

// Services lists all services by id.
func Services() []*analyzer.Service {
	list := make([]*analyzer.Service, len(services().list))
	for i, service := range services().list {
		list[i] = service()
	}
	sort.Slice(list, func(i, j int) bool { return list[i].ID < list[j].ID })
	return list
}

// LayerTitle is a layer's name in words: "Server-side encryption". An unknown
// layer is returned unchanged.
func LayerTitle(l analyzer.Layer) string {
	if row := lineOf(l); row != nil {
		return row.title
	}
	return string(l)
}

// LayerAbout describes a layer in one line; empty for an unknown layer.
func LayerAbout(l analyzer.Layer) string {
	if row := lineOf(l); row != nil {
		return row.about
	}
	return ""
}

// index is the services, each by the leading words of its types. A service is
// completed on first use: a configuration has few.
type index struct {
	list  []func() *analyzer.Service
	types map[string]func() *analyzer.Service
}

var services = sync.OnceValue(build)

func build() index {
	x := index{types: make(map[string]func() *analyzer.Service, 512)}
	for _, r := range rows() {
		service := sync.OnceValue(r.service)
		x.list = append(x.list, service)
		for _, t := range strings.Fields(r.types) {
			x.types[t] = service
		}
	}
	return x
}

func rows() []row {
	var rows []row
	for _, kind := range [][]row{
		compute(), storage(), databases(), networks(), security(),
		management(), analytics(), integration(), applications(),
	} {
		rows = append(rows, kind...)
	}
	return rows
}

// service completes a row: its overrides are written out for each model that
// the service can have, with the published owner beside today's.
func (r row) service() *analyzer.Service {
	s := &analyzer.Service{
		ID: r.id, Name: r.name, Model: r.model, Source: link(r.source),
		Principals: words(r.principals), Cases: r.cases,
	}
	models := modelsOf(s)
	s.Overrides = make(overrides, 0, len(models)*len(r.overrides))
	for _, m := range models {
		for _, o := range r.overrides {
			if o.Model == analyzer.UnknownModel || o.Model == m {
				s.Overrides = append(s.Overrides, analyzer.Override{Layer: o.Layer, Model: m, Cell: r.complete(o, m)})
			}
		}
	}
	return s
}

// complete adds the published owner to a service's cell of today, and the
// service's own page where no other page is given.
func (r row) complete(o analyzer.Override, m analyzer.Model) analyzer.Cell {
	today, base := o.Cell, cell(m, o.Layer)
	today.Published, today.PublishedSource = base.Published, base.PublishedSource
	if today.TodaySource == "" {
		today.TodaySource = link(r.source)
	}
	return today
}

// modelsOf lists the models that a service can have, in the order of Models.
func modelsOf(s *analyzer.Service) []analyzer.Model {
	var models []analyzer.Model
	for _, m := range analyzer.Models() {
		can := m == s.Model
		for _, c := range s.Cases {
			can = can || m == c.Model
		}
		if can {
			models = append(models, m)
		}
	}
	return models
}
