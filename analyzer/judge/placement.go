package judge

import "github.com/demarc/demarc/analyzer"

// A placement is a resource's position in the responsibility model, computed
// once per run.
type placement struct {
	service   *analyzer.Service
	models    []analyzer.Model   // one where the values decide, several where they are unknown, none where the type is not classified
	hides     []analyzer.Witness // why the model is unknown
	principal *analyzer.Resource // the principal to which it contributes gaps and evidence; nil: the service
}

// classify computes the placement of a resource.
func (run *runner) classify(v *analyzer.View) placement {
	s := run.opt.Catalogue.Classify(v.Resource())
	if s == nil {
		return placement{}
	}
	p := placement{service: s, principal: v.Principal(s)}
	for _, k := range s.Cases {
		if !analyzer.Among(k.On, v.Resource()) {
			continue
		}
		o := v.Judge(k.When)
		if o.Verdict == analyzer.Pass {
			p.models = addModel(p.models, k.Model)
			return p
		}
		if o.Verdict == analyzer.Unknown {
			p.models = addModel(p.models, k.Model)
			p.hides = append(p.hides, o.Witnesses...)
		}
	}
	p.models = addModel(p.models, s.Model)
	return p
}

func addModel(models []analyzer.Model, m analyzer.Model) []analyzer.Model {
	for _, known := range models {
		if known == m {
			return models
		}
	}
	return append(models, m)
}

// model is the service model; empty where it depends on unknown values or the
// type is not classified.
func (p *placement) model() analyzer.Model {
	if len(p.models) != 1 {
		return analyzer.UnknownModel
	}
	return p.models[0]
}

// because is why the model is unknown; nil where it is known, or there is none.
func (p *placement) because() []analyzer.Cause {
	if len(p.models) < 2 {
		return nil
	}
	var causes []analyzer.Cause
	for _, w := range p.hides {
		for _, c := range w.Because {
			causes = analyzer.AppendCause(causes, c)
		}
	}
	return analyzer.PrimaryCauses(causes)
}

// owned judges whether the customer owns the layer or a part of it.
func (p *placement) owned(run *runner, l analyzer.Layer) analyzer.Outcome {
	yours := 0
	for _, m := range p.models {
		if run.cell(p.service, m, l).Today.Customers() {
			yours++
		}
	}
	switch yours {
	case len(p.models):
		return analyzer.Outcome{Verdict: analyzer.Pass}
	case 0:
		return analyzer.Outcome{Verdict: analyzer.Fail}
	}
	return analyzer.Outcome{Verdict: analyzer.Unknown, Witnesses: p.hides}
}

// responsibility is the ownership of a layer of a resource, created once for
// its findings.
func (run *runner) responsibility(j *judgement, l analyzer.Layer) *Responsibility {
	i := l.Index()
	if i >= 0 && j.owed[i] != nil {
		return j.owed[i]
	}
	cell := run.cell(j.placement.service, j.placement.model(), l)
	made := &Responsibility{
		Service: j.placement.service, Model: j.placement.model(), Principal: j.placement.principal,
		Cell: cell, Owner: cell.Today, Team: run.team(l, j.placement.service, j.subject()),
	}
	if i >= 0 {
		j.owed[i] = made
	}
	return made
}

type columnKey struct {
	service *analyzer.Service
	model   analyzer.Model
}

// cell is the catalogue's cell. Each column of the model is looked up once.
func (run *runner) cell(s *analyzer.Service, m analyzer.Model, l analyzer.Layer) *analyzer.Cell {
	key := columnKey{s, m}
	column, ok := run.columns.Load(key)
	if !ok {
		var cells [analyzer.LayerCount]analyzer.Cell
		for i, layer := range analyzer.Layers() {
			cells[i] = run.opt.Catalogue.CellFor(s, m, layer)
		}
		column, _ = run.columns.LoadOrStore(key, &cells)
	}
	if i := l.Index(); i >= 0 {
		return &column.(*[analyzer.LayerCount]analyzer.Cell)[i]
	}
	return &analyzer.Cell{}
}
