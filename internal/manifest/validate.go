package manifest

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/diag"
	"github.com/triwire/authorizer-sdk/internal/nearest"
)

// The words that a manifest may use for protocols and scalars.
func protocols() []string { return []string{"graphql", "rest", "grpc"} }
func scalars() []string {
	return []string{"string", "bool", "int32", "int64", "uint32", "uint64", "float32", "float64", "bytes", "timestamp", "duration"}
}

// validate reports what is wrong within the manifest itself, without a look at
// the contracts.
func validate(f *File, findings *diag.List) {
	v := &validator{File: f, findings: findings}
	v.head()
	v.bindings()
	v.settings()
	v.services()
	v.methods()
	v.defaults()
	v.fieldRules()
	v.paging()
	v.errors()
	v.ignored()
	v.accepted()
	v.reference()
}

type validator struct {
	*File
	findings *diag.List
}

func (v *validator) head() {
	if v.Version.Value != 1 {
		v.hint(or(v.Version.Pos, v.Pos), "write version: 1", "version must be 1")
	}
	v.required(v.API.Name, v.Pos, "api.name")
	v.output()
	for key, names := range map[string]map[string]Text{"types": v.Naming.Types, "fields": v.Naming.Fields, "methods": v.Naming.Methods} {
		for name, renamed := range names {
			v.goName(renamed, "naming."+key+"."+name)
		}
	}
	c := v.Contracts
	if c.GraphQL == nil && c.REST == nil && c.GRPC == nil {
		v.hint(v.Pos, "add contracts.graphql, contracts.rest or contracts.grpc", "no contract is named")
	}
	if c.GraphQL != nil {
		v.required(c.GraphQL.Schema, c.GraphQL.Pos, "contracts.graphql.schema")
		v.required(c.GraphQL.Path, c.GraphQL.Pos, "contracts.graphql.path")
	}
	if c.REST != nil && len(c.REST.Documents) == 0 {
		v.hint(c.REST.Pos, "list at least one OpenAPI document", "contracts.rest.documents is missing")
	}
	if c.REST != nil && c.REST.Base.Value != "" && !regexp.MustCompile(`^/[^?#{}\s]*$`).MatchString(c.REST.Base.Value) {
		v.hint(c.REST.Base.Pos, "write a path such as /api", "contracts.rest.base %q is not a path", c.REST.Base.Value)
	}
	if c.GRPC != nil {
		v.required(c.GRPC.Protos, c.GRPC.Pos, "contracts.grpc.protos")
		if p := c.GRPC.Port; p.Value < 1 || p.Value > 65535 {
			v.hint(or(p.Pos, c.GRPC.Pos), "write the port that servers listen on by default", "contracts.grpc.port must be between 1 and 65535")
		}
	}
	if c.REST != nil && c.REST.Transcoded.Value && c.GRPC == nil {
		v.hint(c.REST.Transcoded.Pos, "name the protos in contracts.grpc", "a transcoded REST contract needs the protos that it is transcoded from")
	}
}

func (v *validator) bindings() {
	for _, name := range slices.Sorted(maps.Keys(v.Scalars)) {
		v.scalar(v.Scalars[name], "scalars."+name)
	}
	for _, o := range v.Objects {
		v.required(o.Field, o.Pos, "objects.field")
		if o.REST.Value == "" && o.GRPC.Value == "" {
			v.hint(o.Pos, "name the wrapping type in rest, grpc or both", "the entry of objects names no type")
		}
	}
	for _, h := range v.Headers {
		v.required(h.Name, h.Pos, "headers.name")
		v.required(h.Value, h.Pos, "headers.value")
		v.protocolList(h.Protocols, "headers.protocols")
		for _, m := range regexp.MustCompile(`\{([^}]*)\}`).FindAllStringSubmatch(h.Value.Value, -1) {
			if m[1] != "origin" && m[1] != "url" && v.setting(m[1]) == nil {
				v.hint(h.Value.Pos, "declare it in settings; {origin} and {url} always exist", "header %s uses the unknown setting {%s}", h.Name, m[1])
			}
		}
	}
}

func (v *validator) settings() {
	seen := map[string]diag.Pos{}
	for _, s := range v.Settings {
		v.required(s.Name, s.Pos, "settings.name")
		v.snakeName(s.Name, "setting")
		v.freeSetting(s.Name)
		v.goName(s.Option, "settings.option")
		v.unique(seen, s.Name, "setting")
		if s.Option.Value == "" && !v.isRequiredSetting(s.Name.Value) {
			v.hint(s.Pos, "give it an option, or list it in a service's requires", "nothing can set the setting %q", s.Name)
		}
	}
}

func (v *validator) services() {
	seen, clients := map[string]diag.Pos{}, map[string]diag.Pos{}
	if len(v.Services) == 0 {
		v.findings.Addf(v.Pos, "services is missing")
	}
	for _, s := range v.Services {
		v.required(s.Name, s.Pos, "services.name")
		v.required(s.Client, s.Pos, "services.client")
		v.required(s.Constructor, s.Pos, "services.constructor")
		v.snakeName(s.Name, "service")
		v.freeFile(s.Name)
		v.goName(s.Client, "services.client")
		v.goName(s.Constructor, "services.constructor")
		v.unique(seen, s.Name, "service")
		v.unique(clients, s.Client, "client")
		for _, r := range s.Requires {
			if v.setting(r.Value) == nil {
				v.findings.Addf(r.Pos, "service %s requires the unknown setting %q", s.Name, r.Value)
			}
		}
	}
}

func (v *validator) methods() {
	if len(v.Methods) == 0 {
		v.findings.Addf(v.Pos, "methods is missing: there is nothing to generate")
	}
	seen := map[string]diag.Pos{}
	for i := range v.Methods {
		v.method(&v.Methods[i], seen)
	}
}

// knownService reports a row whose service is none of the manifest's.
func (v *validator) knownService(m *Method) {
	var names []string
	for _, s := range v.Services {
		names = append(names, s.Name.Value)
	}
	if name := m.Service.Value; name != "" && !slices.Contains(names, name) {
		hint := nearest.Question(nearest.Find(name, nearest.Names(names))) + " services: " + strings.Join(slices.Compact(names), ", ")
		v.hint(m.Service.Pos, strings.TrimSpace(hint), "method %s belongs to the unknown service %q", m.Name, name)
	}
}

func (v *validator) method(m *Method, seen map[string]diag.Pos) {
	v.required(m.Name, m.Pos, "methods.name")
	v.required(m.Doc, m.Pos, "methods.doc")
	v.unique(seen, m.Name, "method")
	v.snakeName(m.Name, "method")
	v.required(m.Service, m.Pos, "methods.service")
	v.knownService(m)
	if len(m.Protocols) == 0 {
		v.hint(m.Pos, "list graphql, rest or grpc", "method %s has no protocols", m.Name)
	}
	v.protocolList(m.Protocols, "protocols of method "+m.Name.Value)
	v.alwaysRule(m)
	for _, p := range protocols() {
		spelled := map[string]Text{"graphql": m.GraphQL, "rest": m.REST, "grpc": m.GRPC}[p]
		if spelled.Value != "" && !slices.Contains(Values(m.Protocols), p) {
			v.findings.Addf(spelled.Pos, "method %s spells out %s but does not list it in protocols", m.Name, p)
		}
	}
	for _, p := range slices.Sorted(maps.Keys(m.Body)) {
		if p == "grpc" || !slices.Contains(Values(m.Protocols), p) {
			v.hint(m.Body[p].Pos, "rest and graphql can have one", "method %s has a body for %q, which is not in its protocols or has none", m.Name, p)
		}
		v.required(m.Body[p], m.Pos, "methods.body")
	}
	for _, p := range slices.Sorted(maps.Keys(m.Envelope)) {
		if !slices.Contains(Values(m.Protocols), p) {
			v.findings.Addf(m.Envelope[p].Pos, "method %s has an envelope for %q, which is not in its protocols", m.Name, p)
		}
	}
	for _, p := range slices.Sorted(maps.Keys(m.Answer)) {
		if !slices.Contains(Values(m.Protocols), p) {
			v.findings.Addf(m.Answer[p].Pos, "method %s has an answer for %q, which is not in its protocols", m.Name, p)
		}
		if _, both := m.Envelope[p]; both {
			v.hint(m.Answer[p].Pos, "an envelope is taken off; answer keeps what comes, as one field", "method %s has both an envelope and an answer for %q", m.Name, p)
		}
		v.required(m.Answer[p], m.Pos, "methods.answer")
	}
}

func (v *validator) alwaysRule(m *Method) {
	if m.Always.Value == "" {
		return
	}
	if m.Always.Value != "rest" || len(m.Protocols) != 1 || m.Protocols[0].Value != "rest" {
		v.hint(m.Always.Pos, "write protocols: [rest] and always: rest", "always can only be rest, and then rest is the method's one protocol")
	}
}

func (v *validator) defaults() {
	for _, d := range v.Defaults {
		v.required(d.Field, d.Pos, "defaults.field")
		if v.setting(d.Setting.Value) == nil {
			v.findings.Addf(or(d.Setting.Pos, d.Pos), "defaults uses the unknown setting %q", d.Setting.Value)
		}
		for _, name := range d.Methods {
			if !slices.ContainsFunc(v.Methods, func(m Method) bool { return m.Name.Value == name.Value }) {
				v.findings.Addf(name.Pos, "defaults names the unknown method %q", name.Value)
			}
		}
	}
}

func (v *validator) fieldRules() {
	seen := map[string]diag.Pos{}
	for _, r := range v.Fields {
		v.required(r.Type, r.Pos, "fields.type")
		v.required(r.Field, r.Pos, "fields.field")
		v.unique(seen, Text{Value: r.Type.Value + "." + r.Field.Value, Pos: r.Pos}, "field rule")
		v.protocolList(r.Only, "fields.only")
		if r.Omit.Value != "" && len(r.Only) > 0 {
			v.findings.Addf(r.Pos, "%s.%s cannot have both omit and only", r.Type, r.Field)
		}
		if r.Omit.Value != "" && r.Reason.Value != "" {
			v.hint(r.Reason.Pos, "omit is the reason itself", "%s.%s cannot have both omit and reason", r.Type, r.Field)
		}
	}
}

func (v *validator) paging() {
	for _, p := range v.Paging {
		v.oneOf(Text{p.Style.Value, or(p.Style.Pos, p.Pos)}, []string{"number", "token"}, "paging.style")
		v.required(p.Request, p.Pos, "paging.request")
		v.required(p.Answer, p.Pos, "paging.answer")
		if p.Style.Value == "number" {
			v.required(p.Page, p.Pos, "paging.page")
			v.required(p.Offset, p.Pos, "paging.offset")
			v.required(p.Total, p.Pos, "paging.total")
		}
	}
}

func (v *validator) required(t Text, parent diag.Pos, name string) {
	if strings.TrimSpace(t.Value) == "" {
		v.findings.Addf(or(t.Pos, parent), "%s is missing", name)
	}
}

func (v *validator) oneOf(t Text, words []string, name string) {
	if !slices.Contains(words, t.Value) {
		v.hint(t.Pos, "one of: "+strings.Join(words, ", "), "%s cannot be %q", name, t.Value)
	}
}

// scalar: one of the words, a map of one of them, or a free-form value.
func (v *validator) scalar(t Text, name string) {
	word, isMap := strings.CutPrefix(t.Value, "map<")
	if isMap {
		word = strings.TrimSuffix(word, ">")
	}
	free := !isMap && (word == "any" || word == "object")
	if !free && (!slices.Contains(scalars(), word) || isMap && t.Value != "map<"+word+">") {
		v.hint(t.Pos, "one of: "+strings.Join(scalars(), ", ")+", a map of one of these such as map<string>, object or any", "%s cannot be %q", name, t.Value)
	}
}

func (v *validator) protocolList(list []Text, name string) {
	seen := map[string]diag.Pos{}
	exists := map[string]bool{
		"graphql": v.Contracts.GraphQL != nil,
		"rest":    v.Contracts.REST != nil,
		"grpc":    v.Contracts.GRPC != nil,
	}
	for _, p := range list {
		v.oneOf(p, protocols(), name)
		v.unique(seen, p, "protocol")
		if has, known := exists[p.Value]; known && !has {
			v.hint(p.Pos, "add contracts."+p.Value, "%s names %s, for which there is no contract", name, p.Value)
		}
	}
}

func (v *validator) unique(seen map[string]diag.Pos, t Text, what string) {
	if t.Value == "" {
		return
	}
	if first, ok := seen[t.Value]; ok {
		v.findings.Addf(t.Pos, "%s %q stands twice, first at %s", what, t.Value, first)
		return
	}
	seen[t.Value] = t.Pos
}

func (v *validator) setting(name string) *Setting {
	for i := range v.Settings {
		if v.Settings[i].Name.Value == name {
			return &v.Settings[i]
		}
	}
	return nil
}

func (v *validator) isRequiredSetting(name string) bool {
	return slices.ContainsFunc(v.Services, func(s Service) bool { return slices.Contains(Values(s.Requires), name) })
}

func (v *validator) hint(pos diag.Pos, hint, format string, args ...any) {
	v.findings.Add(diag.Finding{Pos: pos, Message: fmt.Sprintf(format, args...), Hint: hint})
}

func or(a, b diag.Pos) diag.Pos {
	if a != (diag.Pos{}) {
		return a
	}
	return b
}
