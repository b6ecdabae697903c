// Package resolve makes the model that everything is generated from: it finds
// the operation of every manifest row in every contract, lays the contracts'
// types over one another and decides what the flat types look like. What does
// not agree is a finding, unless the manifest declares it.
package resolve

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/diag"
	"github.com/triwire/authorizer-sdk/internal/ir"
	"github.com/triwire/authorizer-sdk/internal/manifest"
)

// Input is what there is to resolve.
type Input struct {
	Manifest *manifest.File
	// Contracts by protocol, for the protocols that the manifest has one for.
	Contracts map[ir.Protocol]*contract.Contract
	// Module is the import path of the manifest's directory.
	Module string
	// Runtime is the import path of the runtime, if the manifest names none.
	Runtime string
}

// Resolve returns the model. It is complete only if there are no findings.
func Resolve(in Input) (*ir.SDK, *diag.List) {
	r := &resolver{
		Input:    in,
		namer:    newNamer(manifest.Values(in.Manifest.Naming.Initialisms)),
		findings: &diag.List{},
		byType:   map[typeKey][]*ir.Message{},
		byName:   map[string]*ir.Message{},
		keys:     map[*contract.Message]map[string]*contract.Field{},
		enums:    map[string]*ir.Enum{},
		used:     map[diag.Pos]bool{},
		rest:     restFactsOf(in.Contracts[ir.REST]),
		building: map[*ir.Message]bool{},
	}
	// 1. What does not depend on the contracts.
	sdk := r.head()
	// 2. Each row: its operations, then its types. Rows with more protocols go
	// first, since they say more about the types that they share. Answers go
	// before requests: of two types with one name, that of requests yields.
	methods := r.methods(sdk)
	for _, m := range byProtocols(methods) {
		r.answer(m)
	}
	for _, m := range byProtocols(methods) {
		r.request(m)
	}
	r.reportAbsences()
	// 3. What the types decide: defaults, secrets, leftovers in the manifest.
	for _, m := range methods {
		r.defaults(m)
		r.rowSecrets(m)
		r.paging(m)
		r.reference(m)
	}
	for _, s := range sdk.Services {
		iterators(s)
		r.iteratorClashes(s)
	}
	sdk.Groups = r.groups(methods)
	r.tokens(methods)
	sdk.Messages, sdk.Enums = r.messages(), r.enumList()
	r.recursion(sdk.Messages)
	r.unused()
	return sdk, r.findings
}

type resolver struct {
	Input
	namer    *namer
	findings *diag.List
	// byType finds the flat types that a contract type is a part of, byName the
	// flat type of a Go name.
	byType map[typeKey][]*ir.Message
	byName map[string]*ir.Message
	// keys finds the fields of a contract type by their names in any convention.
	keys map[*contract.Message]map[string]*contract.Field
	// rest is what is asked of the OpenAPI documents for every method.
	rest restFacts
	// wireNames are those that GraphQL's wire code has for types; nil: not known yet.
	wireNames map[string]bool
	// enums finds the enum of a Go name.
	enums map[string]*ir.Enum
	// building holds the flat types whose fields are not complete yet.
	building map[*ir.Message]bool
	// absences are fields that some protocols lack.
	absences []*absence
	// used holds the positions of manifest entries that did something.
	used map[diag.Pos]bool
}

type typeKey struct {
	request  bool
	protocol ir.Protocol
	name     string
}

// row is a method on its way to being resolved.
type row struct {
	*ir.Method
	manifest *manifest.Method
	service  *manifest.Service
}

func (r *resolver) head() *ir.SDK {
	m := r.Manifest
	sdk := &ir.SDK{
		Name:     m.API.Name.Value,
		Contract: m.API.Contract.Value,
		Package:  m.Output.Package.Value,
		Paths:    r.paths(),
		Settings: r.settings(m.Settings),
		Errors:   errorTable(m.Errors),
	}
	for _, p := range ir.Protocols() {
		if r.Contracts[p] != nil {
			sdk.Protocols = append(sdk.Protocols, p)
		}
	}
	if m.Contracts.GraphQL != nil {
		sdk.GraphQLPath = m.Contracts.GraphQL.Path.Value
	}
	if m.Contracts.GRPC != nil {
		sdk.GRPCPort = m.Contracts.GRPC.Port.Value
	}
	for _, h := range m.Headers {
		sdk.Headers = append(sdk.Headers, ir.Header{
			Name: h.Name.Value, Value: h.Value.Value, Protocols: protocolList(h.Protocols), Secret: r.secretHeader(h),
		})
	}
	for i := range m.Services {
		sdk.Services = append(sdk.Services, r.service(&m.Services[i]))
	}
	return sdk
}

func (r *resolver) paths() ir.Paths {
	out := r.Manifest.Output
	pkg := func(elems ...string) ir.Package {
		dir := path.Join(elems...)
		return ir.Package{Import: path.Join(r.Module, dir), Dir: dir}
	}
	sdk, wire := cmp.Or(out.SDK.Value, "sdk"), cmp.Or(out.Wire.Value, "gen")
	runtime := cmp.Or(out.Runtime.Value, r.Runtime)
	var server ir.Package
	if out.Server.Value != "" {
		server = pkg(out.Server.Value)
	}
	return ir.Paths{
		SDK: pkg(sdk), GRPC: pkg(sdk, "grpc"), Link: pkg(sdk, "internal", "link"),
		GraphQL: pkg(wire, "graphql"), REST: pkg(wire, "rest"), Wire: pkg(wire),
		Docs:    out.Docs.Value,
		Runtime: runtime, GRPCRuntime: path.Join(runtime, "grpcrt"),
		Server: server, ServerRuntime: path.Join(runtime, "serve"),
	}
}

func (r *resolver) settings(settings []manifest.Setting) []ir.Setting {
	var out []ir.Setting
	for _, s := range settings {
		out = append(out, ir.Setting{
			Name: s.Name.Value, GoName: r.namer.local(s.Name.Value), Doc: s.Doc.Value,
			Secret: s.Secret.Value, Option: s.Option.Value,
		})
	}
	return out
}

// secretHeader tells whether a header's value holds a secret setting.
func (r *resolver) secretHeader(h manifest.Header) bool {
	return slices.ContainsFunc(r.Manifest.Settings, func(s manifest.Setting) bool {
		return s.Secret.Value && strings.Contains(h.Value.Value, "{"+s.Name.Value+"}")
	})
}

func (r *resolver) service(s *manifest.Service) *ir.Service {
	out := &ir.Service{Name: s.Name.Value, GoName: r.namer.exported(s.Name.Value), Doc: s.Doc.Value, Client: s.Client.Value, Constructor: s.Constructor.Value}
	settings := r.settings(r.Manifest.Settings)
	for _, name := range s.Requires {
		i := slices.IndexFunc(settings, func(s ir.Setting) bool { return s.Name == name.Value })
		if i >= 0 {
			out.Requires = append(out.Requires, settings[i])
		}
	}
	return out
}

func errorTable(e manifest.Errors) ir.Errors {
	out := ir.Errors{NonCanonicalGRPC: cmp.Or(e.NonCanonicalGRPC.Value, "unknown")}
	for _, m := range e.Messages {
		out.Messages = append(out.Messages, ir.MessageCode{
			Text: m.Text.Value + m.Prefix.Value, Prefix: m.Prefix.Value != "", Code: m.Code.Value,
		})
	}
	slices.SortFunc(out.Messages, func(a, b ir.MessageCode) int {
		return cmp.Or(strings.Compare(a.Text, b.Text), strings.Compare(a.Code, b.Code))
	})
	out.Extensions, out.Codes = wordCodes(e.Extensions), wordCodes(e.Codes)
	return out
}

func wordCodes(words map[string]manifest.Text) []ir.WordCode {
	var out []ir.WordCode
	for word, code := range words {
		out = append(out, ir.WordCode{Word: word, Code: code.Value})
	}
	slices.SortFunc(out, func(a, b ir.WordCode) int { return strings.Compare(a.Word, b.Word) })
	return out
}

func protocolList(list []manifest.Text) []ir.Protocol {
	var out []ir.Protocol
	for _, p := range ir.Protocols() {
		if slices.Contains(manifest.Values(list), string(p)) {
			out = append(out, p)
		}
	}
	return out
}

func byProtocols(rows []*row) []*row {
	out := slices.Clone(rows)
	slices.SortStableFunc(out, func(a, b *row) int { return cmp.Compare(len(b.Bindings), len(a.Bindings)) })
	return out
}

func (r *resolver) messages() []*ir.Message {
	var out []*ir.Message
	for _, m := range r.byName {
		out = append(out, m)
	}
	slices.SortFunc(out, func(a, b *ir.Message) int { return strings.Compare(a.GoName, b.GoName) })
	for _, m := range out {
		slices.SortFunc(m.Wires, func(a, b *ir.Wire) int {
			order := ir.Protocols()
			return cmp.Or(
				cmp.Compare(slices.Index(order, a.Protocol), slices.Index(order, b.Protocol)),
				strings.Compare(a.Contract.Name, b.Contract.Name))
		})
	}
	return out
}

func (r *resolver) enumList() []*ir.Enum {
	var out []*ir.Enum
	for _, e := range r.enums {
		out = append(out, e)
	}
	slices.SortFunc(out, func(a, b *ir.Enum) int { return strings.Compare(a.GoName, b.GoName) })
	for _, e := range out {
		slices.SortFunc(e.Wires, func(a, b *ir.EnumWire) int {
			return cmp.Compare(slices.Index(ir.Protocols(), a.Protocol), slices.Index(ir.Protocols(), b.Protocol))
		})
	}
	return out
}
