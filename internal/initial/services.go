package initial

import (
	"cmp"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/ir"
	"github.com/triwire/authorizer-sdk/internal/resolve"
)

// service is a group of methods with a client of its own.
type service struct {
	name, doc           string
	client, constructor string
	// grpc is the full name of the gRPC service; empty without one.
	grpc string
	// conventions lead from a row's name to its operation.
	conventions map[ir.Protocol]string
	rows        []*row
}

// group makes the services: those of gRPC, or else one for all.
func (d *draft) group() {
	byName := map[string]*service{}
	for _, r := range d.rows {
		if op := r.method.Operations[ir.GRPC]; op != nil {
			full, _, _ := strings.Cut(op.Key, "/")
			if byName[full] == nil {
				byName[full] = &service{grpc: full}
				d.services = append(d.services, byName[full])
			}
			d.hang(r, byName[full])
		}
	}
	if len(d.services) == 0 {
		d.services = []*service{{}}
	}
	d.nameServices()
	d.sortServices()
}

func (d *draft) hang(r *row, s *service) {
	r.service = s
	s.rows = append(s.rows, r)
}

// nameServices calls the services by what their names do not have in common:
// AuthorizerService is the API itself, AuthorizerAdminService is admin.
func (d *draft) nameServices() {
	words := make([][]string, len(d.services))
	for i, s := range d.services {
		words[i] = serviceWords(s.grpc)
	}
	common := 0
	if len(words) > 1 {
		common = commonStart(words)
	}
	taken := map[string]bool{}
	for i, s := range d.services {
		s.name = cmp.Or(strings.Join(words[i][common:], "_"), d.name)
		// The SDK has files of these names already.
		if taken[s.name] || slices.Contains([]string{"api", "graphql", "rest", "runtime", "types", "doc"}, s.name) {
			s.name += "_service"
		}
		for taken[s.name] {
			s.name += "_2"
		}
		taken[s.name] = true
		s.client, s.constructor = "Client", "New"
		if len(d.services) > 1 && s.name != d.name {
			s.client = resolve.Camel(s.name) + "Client"
			s.constructor = "New" + resolve.Camel(s.name)
		}
		s.doc = "calls the methods of " + cmp.Or(s.grpc, "the API")
	}
}

// serviceWords are the words of a gRPC service's name, without that it is one.
func serviceWords(full string) []string {
	if full == "" {
		return nil
	}
	words := strings.Split(snake(full[strings.LastIndexByte(full, '.')+1:]), "_")
	if len(words) > 1 && (words[len(words)-1] == "service" || words[len(words)-1] == "api") {
		words = words[:len(words)-1]
	}
	return words
}

// commonStart is the number of words that all lists begin with.
func commonStart(lists [][]string) int {
	for n := 0; ; n++ {
		for _, l := range lists {
			if n >= len(l) || l[n] != lists[0][n] {
				return n
			}
		}
	}
}

// sortServices puts the one that the API is called by first.
func (d *draft) sortServices() {
	slices.SortStableFunc(d.services, func(a, b *service) int {
		rank := func(s *service) int {
			if s.client == "Client" {
				return 0
			}
			return 1
		}
		return cmp.Compare(rank(a), rank(b))
	})
}

// place gives the operations that gRPC does not have to the service whose name is
// in theirs, or whose conventions lead to them, the narrowest first.
func (d *draft) place() {
	for _, r := range d.rows {
		if r.service != nil {
			continue
		}
		best, fit := d.services[0], -1
		for _, s := range d.services {
			const named = 100
			if fit < named && len(d.services) > 1 && slices.Contains(strings.Split(r.name, "_"), s.name) {
				best, fit = s, named
			}
			for p, op := range r.method.Operations {
				convention := s.conventions[p]
				head, _, ok := strings.Cut(convention, "{")
				if !ok || !strings.HasPrefix(withoutVerb(op.Key), head) {
					continue
				}
				if len(head) > fit {
					best, fit = s, len(head)
					r.name = cmp.Or(nameBy(convention, op.Key), r.name)
				}
			}
		}
		d.hang(r, best)
	}
}

// apiName is what the API is called.
func (d *draft) apiName() string {
	if d.opts.Name != "" {
		return d.opts.Name
	}
	version := regexp.MustCompile(`^v\d+\w*$`)
	names := map[string]int{}
	best := ""
	for _, m := range d.methods {
		op := m.Operations[ir.GRPC]
		if op == nil {
			continue
		}
		full, _, _ := strings.Cut(op.Key, "/")
		parts := strings.Split(full, ".")
		parts = slices.DeleteFunc(parts[:len(parts)-1], func(s string) bool { return version.MatchString(s) })
		if len(parts) == 0 {
			continue
		}
		name := parts[len(parts)-1]
		names[name]++
		if n := names[name]; best == "" || n > names[best] || n == names[best] && name < best {
			best = name
		}
	}
	title := d.in.info.Title
	if words := strings.Fields(title); len(words) > 3 {
		title = ""
	}
	module := strings.TrimSuffix(strings.TrimSuffix(path.Base(d.opts.Module), "-sdk"), "-go")
	if d.opts.Module == "" {
		module = ""
	}
	for _, name := range []string{best, strings.TrimSuffix(snake(title), "_api"), module, d.opts.Dir, "api"} {
		if name = snake(name); name != "" && name != "call" {
			return name
		}
	}
	return "api"
}

// packageName is the API's name as a Go package.
func packageName(name string) string {
	return strings.ToLower(strings.ReplaceAll(name, "_", ""))
}
