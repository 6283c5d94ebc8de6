package analyzer

import "slices"

// A Layer is one row of the shared responsibility model.
type Layer string

// The layers, from the customer's side of the line to the provider's.
const (
	CustomerData             Layer = "customer-data"
	IdentityAndAccess        Layer = "identity-and-access"
	ClientSideEncryption     Layer = "client-side-encryption"
	ServerSideEncryption     Layer = "server-side-encryption"
	NetworkTrafficProtection Layer = "network-traffic-protection"
	FirewallConfiguration    Layer = "firewall-configuration"
	NetworkConfiguration     Layer = "network-configuration"
	PlatformAndApplication   Layer = "platform-and-application"
	OperatingSystem          Layer = "operating-system"
	BusinessContinuity       Layer = "business-continuity"
	LoggingAndMonitoring     Layer = "logging-and-monitoring"
	FoundationServices       Layer = "foundation-services"
	GlobalInfrastructure     Layer = "global-infrastructure"
)

// LayerCount is the number of layers.
const LayerCount = 13

// Index is the layer's position in the order of the model; -1: not a layer.
func (l Layer) Index() int {
	for i, known := range layerOrder {
		if known == l {
			return i
		}
	}
	return -1
}

// Layers lists the layers in the order of the model. The caller must not change
// the list.
func Layers() []Layer { return layerOrder[:] }

var layerOrder = [LayerCount]Layer{
	CustomerData, IdentityAndAccess, ClientSideEncryption, ServerSideEncryption,
	NetworkTrafficProtection, FirewallConfiguration, NetworkConfiguration,
	PlatformAndApplication, OperatingSystem, BusinessContinuity, LoggingAndMonitoring,
	FoundationServices, GlobalInfrastructure,
}

// An Owner is responsible for a layer of a service. The empty owner is not
// stated.
type Owner string

const (
	CustomerOwned Owner = "customer"
	ProviderOwned Owner = "provider"
	SharedOwned   Owner = "shared"
	NoOwner       Owner = "none" // the service has no such layer, as a VPC has no guest
	NotStated     Owner = ""
)

// Customers reports whether the customer is responsible for the layer or a part
// of it. A layer that is not stated is the customer's.
func (o Owner) Customers() bool { return o != ProviderOwned && o != NoOwner }

// A Model is the service model under shared responsibility. The empty model is
// unknown, or the model of an unclassified type.
type Model string

const (
	Infrastructure Model = "infrastructure"
	Container      Model = "container"
	Abstract       Model = "abstract"
	UnknownModel   Model = ""
)

// Models lists the service models, from the largest customer share to the
// smallest.
func Models() []Model { return []Model{Infrastructure, Container, Abstract} }

// A Cell gives the owner of a layer, in the published model and today.
type Cell struct {
	Published       Owner
	Today           Owner
	Yours           string // the customer's part in words; empty where there is none
	Theirs          string // the provider's part in words
	PublishedSource string // link
	TodaySource     string // link
}

// A Service groups resource types under one responsibility model.
type Service struct {
	ID         string   // rds
	Name       string   // Amazon RDS
	Model      Model    // the model where no case decides
	Cases      []Case   // the first that holds decides
	Principals []string // types that carry the service's duties: aws_db_instance
	Overrides  []Override
	Source     string // link that shows the model
}

// A Case decides a service's model by the values of a resource.
type Case struct {
	On     []string // resource types that it is judged on
	When   Cond
	Model  Model
	Name   string // its name: "Fargate", "RDS Custom"
	Source string
}

// An Override replaces a cell of the model for one service.
type Override struct {
	Layer Layer
	Model Model // only under this model; empty: under every model
	Cell  Cell
}

// A Catalogue gives the service of a type and the owner of each layer. The zero
// Catalogue classifies nothing and leaves every layer to the customer.
type Catalogue struct {
	// Service returns the service of a type; nil: not classified.
	Service func(mode Mode, typ string) *Service
	// Cell returns who owns a layer under a model.
	Cell func(Model, Layer) Cell
	// Standing lists the objectives that belong to a layer even where no check
	// covers them: only an attestation can be evidence for them.
	Standing func(Layer) []Objective
	// Attestable lists the objectives that belong to a layer, other than the
	// organisation's, to which an attestation adds evidence.
	Attestable func(Layer) []Objective
	// Organisation lists the organisation's objectives, which belong to no
	// resource, with their layers.
	Organisation []Subject
}

// StandingOf is Standing, or nil where the catalogue has none.
func (c Catalogue) StandingOf(l Layer) []Objective {
	if c.Standing == nil {
		return nil
	}
	return c.Standing(l)
}

// AttestableOf is Attestable, or nil where the catalogue has none.
func (c Catalogue) AttestableOf(l Layer) []Objective {
	if c.Attestable == nil {
		return nil
	}
	return c.Attestable(l)
}

// Organisations reports whether an objective belongs to the organisation.
func (c Catalogue) Organisations(o Objective) bool {
	return slices.ContainsFunc(c.Organisation, func(s Subject) bool { return s.Objective == o })
}

// Classify is the service of a resource; nil: not classified.
func (c Catalogue) Classify(r *Resource) *Service {
	if c.Service == nil || r.Mode == Account {
		return nil
	}
	return c.Service(r.Mode, r.Type)
}

// CellFor is the cell of a service under a model, with the service's overrides
// applied. A nil service means an unclassified type. If the model of a service
// depends on unknown values, the cell is shared where the models differ.
func (c Catalogue) CellFor(s *Service, m Model, l Layer) Cell {
	if s != nil && m == UnknownModel {
		return c.undecided(s, l)
	}
	return c.under(s, m, l)
}

func (c Catalogue) under(s *Service, m Model, l Layer) Cell {
	if s != nil {
		for _, o := range s.Overrides {
			if o.Layer == l && (o.Model == UnknownModel || o.Model == m) {
				return o.Cell
			}
		}
	}
	if c.Cell == nil {
		return Cell{Published: CustomerOwned, Today: CustomerOwned}
	}
	return c.Cell(m, l)
}

// undecided is the cell of a service whose model depends on unknown values: a
// layer that may be the customer's counts as shared, and the published owner is
// given only where all models agree.
func (c Catalogue) undecided(s *Service, l Layer) Cell {
	cell := c.under(s, s.Model, l)
	published, source := cell.Published, cell.PublishedSource
	for _, k := range s.Cases {
		other := c.under(s, k.Model, l)
		if other.Published != published {
			published, source = NotStated, ""
		}
		if other.Today == cell.Today || !other.Today.Customers() && !cell.Today.Customers() {
			continue
		}
		if cell.Today == ProviderOwned || cell.Today == NoOwner {
			cell, other = other, cell
		}
		cell.Today = SharedOwned
		if cell.Theirs == "" {
			cell.Theirs = other.Theirs
		}
	}
	cell.Published, cell.PublishedSource = published, source
	return cell
}

// Among reports whether a resource is of one of the types.
func Among(types []string, r *Resource) bool {
	key := TypeKey(r.Mode, r.Type)
	for _, t := range types {
		if t == key {
			return true
		}
	}
	return false
}

// Weight orders owners by the customer's share of a layer.
func (o Owner) Weight() int {
	switch o {
	case NoOwner:
		return 0
	case ProviderOwned:
		return 1
	case SharedOwned:
		return 2
	}
	return 3
}

// A Subject is the scope of an attestation: a layer, or one control objective
// under it.
type Subject struct {
	Layer     Layer
	Objective Objective // empty: all of the layer
}
