package judge

import "github.com/demarc/demarc/analyzer"

// A placement is a resource's place in the responsibility model, worked out
// once per run.
type placement struct {
	service   *analyzer.Service
	models    []analyzer.Model   // one where the values decide, several where they are unknown, none where it is not classified
	hides     []analyzer.Witness // what hides the model
	principal *analyzer.Resource // that it gives gaps and evidence to; nil: the service
}

// classify works out the placement of a resource.
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

// model is the service model; empty where values hide it or the type is not
// classified.
func (p *placement) model() analyzer.Model {
	if len(p.models) != 1 {
		return analyzer.UnknownModel
	}
	return p.models[0]
}

// because is what hides the model; nil where it is known, or there is none.
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

// owned judges whether the customer has a part in the layer.
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

// responsibility is whose a layer of a resource is, made once for its findings.
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

// cell is the catalogue's cell, each column of the model looked up once.
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
