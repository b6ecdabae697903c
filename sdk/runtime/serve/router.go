package serve

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// router finds the operation of a path. Contracts have what patterns of
// [http.ServeMux] cannot say: parameters with any name, several segments in
// one, and a word after one ("/books/{book.id}:archive").
type router struct {
	routes []*route
	// exact are the routes without parameters.
	exact map[string]*route
}

func newRouter() *router { return &router{exact: map[string]*route{}} }

// route is one path of the contract.
type route struct {
	template string
	match    *regexp.Regexp
	names    []string
	// literal is how many characters are no parameters: of two routes for a path,
	// the one with more wins.
	literal int
	verbs   verbs
}

// variable is a parameter in a path: "{id}" or "{name=shelves/*}".
var variable = regexp.MustCompile(`\{([^}=]+)(?:=([^}]+))?\}`)

// add adds an operation; of several for one path and verb, the first answers.
func (r *router) add(verb, template string, h http.Handler) error {
	i := slices.IndexFunc(r.routes, func(o *route) bool { return o.template == template })
	if i < 0 {
		made, err := newRoute(template)
		if err != nil {
			return err
		}
		i = len(r.routes)
		r.routes = append(r.routes, made)
		if len(made.names) == 0 {
			r.exact[template] = made
		}
	}
	if known := r.routes[i].verbs; known[verb] == nil {
		known[verb] = h
	}
	return nil
}

// sort puts the more exact routes first.
func (r *router) sort() {
	slices.SortStableFunc(r.routes, func(a, b *route) int { return cmp.Compare(b.literal, a.literal) })
}

func newRoute(template string) (*route, error) {
	if rest := variable.ReplaceAllString(template, ""); !strings.HasPrefix(template, "/") || strings.ContainsAny(rest, "{}") {
		return nil, fmt.Errorf("the path %q cannot be served", template)
	}
	out := &route{template: template, verbs: verbs{}}
	pattern, end := "^", 0
	for _, m := range variable.FindAllStringSubmatchIndex(template, -1) {
		literal, value := template[end:m[0]], "*"
		if m[4] >= 0 {
			value = template[m[4]:m[5]]
		}
		out.names = append(out.names, template[m[2]:m[3]])
		out.literal += len(literal)
		pattern += regexp.QuoteMeta(literal) + "(" + segments(value) + ")"
		end = m[1]
	}
	out.literal += len(template[end:])
	compiled, err := regexp.Compile(pattern + regexp.QuoteMeta(template[end:]) + "$")
	out.match = compiled
	return out, err
}

// segments is the expression for the value of a parameter: one segment is a star,
// any number of them are two.
func segments(value string) string {
	parts := strings.Split(value, "**")
	for i, part := range parts {
		parts[i] = strings.ReplaceAll(regexp.QuoteMeta(part), `\*`, `[^/]+`)
	}
	return strings.Join(parts, ".*")
}

func (r *router) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	path := req.URL.EscapedPath()
	if route := r.exact[path]; route != nil && route.verbs.has(req.Method) {
		route.verbs.ServeHTTP(w, req)
		return
	}
	var matched verbs
	for _, route := range r.routes {
		values := route.match.FindStringSubmatch(path)
		if values == nil || !route.verbs.has(req.Method) {
			if values != nil && matched == nil {
				matched = route.verbs
			}
			continue
		}
		for i, name := range route.names {
			value, err := url.PathUnescape(values[i+1])
			if err != nil {
				value = values[i+1]
			}
			req.SetPathValue(name, value)
		}
		route.verbs.ServeHTTP(w, req)
		return
	}
	if matched != nil {
		matched.ServeHTTP(w, req)
		return
	}
	writeError(w, http.StatusNotFound, "not_found", "Not Found")
}
