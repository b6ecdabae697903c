package server

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"
	"google.golang.org/grpc/status"
)

// graphQL is the GraphQL front: operations are validated under the schema and
// answered for whatever they select. It serves no introspection and knows no
// directives.
type graphQL struct {
	schema *ast.Schema
	fields map[string]operation
}

func newGraphQL(ops []operation, schema *ast.Schema) *graphQL {
	g := &graphQL{schema: schema, fields: map[string]operation{}}
	for _, op := range ops {
		g.fields[op.field] = op
	}
	return g
}

// deprecated are root fields that the real server still has, and what it
// always answers.
func deprecated(field string) string {
	return map[string]string{
		"_admin_signup": "deprecated. please configure admin secret via cli args",
		"_update_env":   "deprecated. please configure env via cli args",
	}[field]
}

// ServeHTTP implements [http.Handler]. A wrong client id is answered with two
// documents in one body, as the real server does.
func (g *graphQL) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	data, errs := g.answer(r)
	code := http.StatusOK
	if len(errs) > 0 && errs[0].Extensions["code"] != nil {
		code = http.StatusUnprocessableEntity
		if !strings.Contains(r.Header.Get("Accept"), "application/json") {
			code = http.StatusBadRequest
			w.Header().Set("Content-Type", "application/graphql-response+json")
		}
	}
	answer := []any{response{data, errs}}
	if id := r.Header.Get("x-authorizer-client-id"); id != "" && id != ClientID {
		code = http.StatusBadRequest
		answer = slices.Insert(answer, 0, any(oauthError{"invalid_client_id", "The client id is invalid"}))
	}
	writeJSON(w, code, answer...)
}

type response struct {
	Data   map[string]any `json:"data"`
	Errors gqlerror.List  `json:"errors,omitempty"`
}

// answer runs the operation of a request.
func (g *graphQL) answer(r *http.Request) (map[string]any, gqlerror.List) {
	var request struct {
		Query         string         `json:"query"`
		OperationName string         `json:"operationName"`
		Variables     map[string]any `json:"variables"`
	}
	body, err := readBody(r)
	if err == nil {
		err = json.Unmarshal(body, &request)
	}
	if err != nil {
		return nil, refuse("GRAPHQL_PARSE_FAILED", &gqlerror.Error{Message: err.Error()})
	}
	doc, errs := gqlparser.LoadQueryWithRules(g.schema, request.Query, rules.NewDefaultRules())
	if len(errs) > 0 {
		return nil, refuse("GRAPHQL_VALIDATION_FAILED", errs...)
	}
	op := doc.Operations.ForName(request.OperationName)
	if op == nil {
		return nil, refuse("GRAPHQL_VALIDATION_FAILED", &gqlerror.Error{Message: "operation " + request.OperationName + " not found"})
	}
	vars, err := validator.VariableValues(g.schema, op, request.Variables)
	if err != nil {
		return nil, refuse("GRAPHQL_VALIDATION_FAILED", gqlerror.WrapIfUnwrapped(err))
	}
	return g.run(r, op, vars)
}

// refuse marks errors with a code; those of methods have none.
func refuse(code string, errs ...*gqlerror.Error) gqlerror.List {
	for _, e := range errs {
		e.Extensions = map[string]any{"code": code}
	}
	return errs
}

// run answers the root fields in order. The first error ends it, as all root
// fields are non-null.
func (g *graphQL) run(r *http.Request, op *ast.OperationDefinition, vars map[string]any) (map[string]any, gqlerror.List) {
	root := g.schema.Query
	if op.Operation == ast.Mutation {
		root = g.schema.Mutation
	}
	data := map[string]any{}
	for _, field := range collect(op.SelectionSet) {
		if field.Name == "__typename" {
			data[field.Alias] = root.Name
			continue
		}
		value, err := g.resolve(r, field, vars)
		if err != nil {
			return nil, gqlerror.List{{Message: status.Convert(err).Message(), Path: ast.Path{ast.PathName(field.Alias)}}}
		}
		data[field.Alias] = value
	}
	return data, nil
}

// resolve calls the method of a root field and selects from its answer.
func (g *graphQL) resolve(r *http.Request, field *ast.Field, vars map[string]any) (any, error) {
	if message := deprecated(field.Name); message != "" {
		return nil, fmt.Errorf("%s", message)
	}
	op, ok := g.fields[field.Name]
	if !ok {
		return nil, fmt.Errorf("%s is not served by the demo server", field.Name)
	}
	in := op.input()
	for _, argument := range field.ArgumentMap(vars) {
		if err := fill(in.ProtoReflect(), argument); err != nil {
			return nil, err
		}
	}
	out, err := op.call(withHTTPCaller(r), in)
	if err != nil {
		return nil, err
	}
	return g.object(field, out.ProtoReflect()), nil
}
