package serve

import (
	"context"
	"fmt"
	"net/http"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/99designs/gqlgen/graphql/handler/transport"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/triwire/authorizer-sdk/sdk/runtime"
)

// Bounds of one GraphQL document: documents are kept parsed, and a short one
// can ask for a lot.
const (
	cachedDocuments = 1000
	maxTokens       = 15000
)

// newGraphQL makes the GraphQL half: gqlgen's transports, parser and validation
// around an executor of our own.
func (s *Server) newGraphQL() (http.Handler, error) {
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: s.api.Name, Input: s.api.GraphQL.Text})
	if err != nil {
		return nil, fmt.Errorf("the GraphQL schema of %s: %w", s.api.Name, err)
	}
	x := &executable{server: s, schema: schema, fields: map[string]*method{}}
	for _, m := range s.api.methods {
		if m.GraphQL == nil {
			continue
		}
		// Several methods of a manifest may be one operation: the first answers.
		if x.fields[m.GraphQL.Field] == nil {
			x.fields[m.GraphQL.Field] = m
		}
	}
	h := handler.New(x)
	h.AddTransport(transport.Options{})
	// Callers that take anything get the type that GraphQL has over HTTP, with the
	// statuses that belong to it; those that say nothing get plain JSON.
	h.AddTransport(transport.GET{UseGrapQLResponseJsonByDefault: true})
	h.AddTransport(transport.POST{UseGrapQLResponseJsonByDefault: true})
	h.SetQueryCache(lru.New[*ast.QueryDocument](cachedDocuments))
	h.SetParserTokenLimit(maxTokens)
	h.Use(extension.Introspection{})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		inner := r.WithContext(context.WithValue(r.Context(), exchangeKey{}, exchange{w, r}))
		if r.Header.Get("Accept") == "" {
			inner.Header = r.Header.Clone()
			inner.Header.Set("Accept", "application/json")
		}
		h.ServeHTTP(w, inner)
	}), nil
}

// exchange is the HTTP request that an operation came with, and its answer.
type exchange struct {
	w http.ResponseWriter
	r *http.Request
}

type exchangeKey struct{}

// executable is what gqlgen calls to execute an operation.
type executable struct {
	server *Server
	schema *ast.Schema
	// fields are the methods by root field.
	fields map[string]*method
}

var _ graphql.ExecutableSchema = (*executable)(nil)

// Schema implements [graphql.ExecutableSchema].
func (x *executable) Schema() *ast.Schema { return x.schema }

// Complexity implements [graphql.ExecutableSchema]: nothing is limited by it.
func (x *executable) Complexity(context.Context, string, string, int, map[string]any) (int, bool) {
	return 0, false
}

// Exec implements [graphql.ExecutableSchema].
func (x *executable) Exec(ctx context.Context) graphql.ResponseHandler {
	operation := graphql.GetOperationContext(ctx)
	var root *ast.Definition
	switch operation.Operation.Operation {
	case ast.Query:
		root = x.schema.Query
	case ast.Mutation:
		root = x.schema.Mutation
	}
	if root == nil {
		return graphql.OneShot(graphql.ErrorResponse(ctx, "%s operations are not supported", operation.Operation.Operation))
	}
	done := false
	return func(ctx context.Context) *graphql.Response {
		if done {
			return nil
		}
		done = true
		e := &execution{executable: x, operation: operation}
		data, ok := e.root(ctx, root)
		if !ok {
			data = []byte("null")
		}
		for _, err := range e.errors {
			graphql.AddError(ctx, err)
		}
		return &graphql.Response{Data: data}
	}
}

// execution is one operation on its way.
type execution struct {
	*executable
	operation *graphql.OperationContext
	errors    gqlerror.List
}

// root answers the root fields in their order, each with one call.
func (e *execution) root(ctx context.Context, def *ast.Definition) ([]byte, bool) {
	b := []byte{'{'}
	for i, f := range graphql.CollectFields(e.operation, e.operation.Operation.SelectionSet, []string{def.Name}) {
		b = appendKey(b, i, f.Alias)
		var ok bool
		if b, ok = e.rootField(ctx, b, def, f); !ok {
			return nil, false
		}
	}
	return append(b, '}'), true
}

func (e *execution) rootField(ctx context.Context, b []byte, def *ast.Definition, f graphql.CollectedField) ([]byte, bool) {
	path := ast.Path{ast.PathName(f.Alias)}
	switch f.Name {
	case "__typename":
		return appendText(b, def.Name), true
	case "__schema", "__type":
		return e.introspect(b, f, path)
	}
	m := e.fields[f.Name]
	if m == nil {
		return e.failed(b, f.Definition.Type, path, e.server.unbound(ctx, f.Name))
	}
	in, err := e.request(m, f)
	if err != nil {
		return e.failed(b, f.Definition.Type, path, err)
	}
	http, _ := ctx.Value(exchangeKey{}).(exchange)
	out, err := e.server.call(ctx, m, overHTTP(runtime.ProtocolGraphQL, http.w, http.r), in)
	if err != nil {
		return e.failed(b, f.Definition.Type, path, err)
	}
	return e.result(b, m, f, out, path)
}

// failed notes an error and writes null, if the type allows it.
func (e *execution) failed(b []byte, t *ast.Type, path ast.Path, err error) ([]byte, bool) {
	failure := asError(err)
	out := &gqlerror.Error{Message: failure.Message, Path: path}
	if code := e.code(failure); code != "" {
		out.Extensions = map[string]any{"code": code}
	}
	e.errors = append(e.errors, out)
	return null(b, t)
}

// code is the word of extensions.code, empty where errors have none.
func (e *execution) code(err *runtime.Error) string {
	if name := word(err); name != "" {
		return name
	}
	schema := e.server.api.GraphQL
	if schema.ByMessage {
		return ""
	}
	if name := schema.CodeNames[err.Code]; name != "" {
		return name
	}
	return err.Code.String()
}

// null writes null where the type allows it; where not, what holds the value is
// null as a whole.
func null(b []byte, t *ast.Type) ([]byte, bool) {
	if t.NonNull {
		return b, false
	}
	return append(b, "null"...), true
}

// request makes the flat request of a root field's arguments.
func (e *execution) request(m *method, f graphql.CollectedField) (any, error) {
	arguments := f.ArgumentMap(e.operation.Variables)
	if m.graphQL.request == nil {
		return m.zeroRequest(), nil
	}
	for _, argument := range f.Definition.Arguments {
		e.defaults(arguments[argument.Name], argument.Type)
	}
	members := m.graphQL.request.argumentsTree(arguments, m.GraphQL.Argument)
	d := &treeDecoder{coerce: true}
	out, err := d.decode(m.graphQL.request, members)
	if err != nil {
		return nil, err
	}
	return out.Interface(), nil
}

// defaults fills in what an input object left out. Variables have their
// defaults already.
func (e *execution) defaults(v any, t *ast.Type) {
	if t.Elem != nil {
		items, _ := asList(v)
		for _, item := range items {
			e.defaults(item, t.Elem)
		}
		return
	}
	def, members := e.schema.Types[t.NamedType], map[string]any(nil)
	if members, _ = v.(map[string]any); members == nil || def.Kind != ast.InputObject {
		return
	}
	for _, f := range def.Fields {
		if _, given := members[f.Name]; !given && f.DefaultValue != nil {
			if value, err := f.DefaultValue.Value(nil); err == nil {
				members[f.Name] = value
			}
		}
		e.defaults(members[f.Name], f.Type)
	}
}
