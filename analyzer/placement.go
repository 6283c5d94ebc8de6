package analyzer

// A placement is a resource's place in the responsibility model, worked out
// once per run.
type placement struct {
	service   *Service
	models    []Model   // one where the values decide, several where they are unknown, none where it is not classified
	hides     []Witness // what hides the model
	principal *Resource // that it gives gaps and evidence to; nil: the service
}

// place works out the placement of a resource.
func (run *runner) place(v *View) placement {
	s := run.opt.Catalogue.service(v.Resource())
	if s == nil {
		return placement{}
	}
	p := placement{service: s, principal: v.Principal(s)}
	for _, k := range s.Cases {
		if !on(k.On, v.Resource()) {
			continue
		}
		o := v.Judge(k.When)
		if o.Verdict == Pass {
			p.models = addModel(p.models, k.Model)
			return p
		}
		if o.Verdict == Unknown {
			p.models = addModel(p.models, k.Model)
			p.hides = append(p.hides, o.Witnesses...)
		}
	}
	p.models = addModel(p.models, s.Model)
	return p
}

func addModel(models []Model, m Model) []Model {
	for _, known := range models {
		if known == m {
			return models
		}
	}
	return append(models, m)
}

// model is the service model; empty where values hide it or the type is not
// classified.
func (p *placement) model() Model {
	if len(p.models) != 1 {
		return UnknownModel
	}
	return p.models[0]
}

// because is what hides the model; nil where it is known, or there is none.
func (p *placement) because() []Cause {
	if len(p.models) < 2 {
		return nil
	}
	var causes []Cause
	for _, w := range p.hides {
		for _, c := range w.Because {
			causes = appendCause(causes, c)
		}
	}
	return told(causes)
}

// owned judges whether the customer has a part in the layer.
func (p *placement) owned(run *runner, l Layer) Outcome {
	yours := 0
	for _, m := range p.models {
		if run.cell(p.service, m, l).Today.Customers() {
			yours++
		}
	}
	switch yours {
	case len(p.models):
		return Outcome{Verdict: Pass}
	case 0:
		return Outcome{Verdict: Fail}
	}
	return Outcome{Verdict: Unknown, Witnesses: p.hides}
}

// responsibility is whose a layer of a resource is, made once for its findings.
func (run *runner) responsibility(j *judged, l Layer) *Responsibility {
	i := l.Index()
	if i >= 0 && j.owed[i] != nil {
		return j.owed[i]
	}
	cell := run.cell(j.place.service, j.place.model(), l)
	made := &Responsibility{
		Service: j.place.service, Model: j.place.model(), Principal: j.place.principal,
		Cell: cell, Owner: cell.Today, Team: run.team(l, j.place.service, j.subject()),
	}
	if i >= 0 {
		j.owed[i] = made
	}
	return made
}

type columnKey struct {
	service *Service
	model   Model
}

// cell is the catalogue's cell, each column of the model looked up once.
func (run *runner) cell(s *Service, m Model, l Layer) *Cell {
	key := columnKey{s, m}
	column, ok := run.columns.Load(key)
	if !ok {
		var cells [LayerCount]Cell
		for i, layer := range Layers() {
			cells[i] = run.opt.Catalogue.CellFor(s, m, layer)
		}
		column, _ = run.columns.LoadOrStore(key, &cells)
	}
	if i := l.Index(); i >= 0 {
		return &column.(*[LayerCount]Cell)[i]
	}
	return &Cell{}
}
