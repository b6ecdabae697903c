package reference_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

const root = "../../../"

// contracts hold requests against the contracts of HTTP.
type contracts struct {
	schema  *ast.Schema
	routers []routers.Router
}

func loadContracts(t *testing.T) *contracts {
	t.Helper()
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphql", Input: string(readFile(t, root+"schema.graphql"))})
	if err != nil {
		t.Fatal(err)
	}
	c := &contracts{schema: schema}
	for _, name := range []string{"openapi.yaml", "openapi.oauth.yaml"} {
		doc, err := openapi3.NewLoader().LoadFromFile(root + name)
		if err != nil {
			t.Fatal(err)
		}
		doc.Servers, doc.Info.Title = nil, "x" // the server leaves the title empty
		closed(doc)
		router, err := legacy.NewRouter(doc, openapi3.DisableExamplesValidation())
		if err != nil {
			t.Fatal(err)
		}
		c.routers = append(c.routers, router)
	}
	return c
}

// closed refuses fields that no schema names, which OpenAPI allows by default.
func closed(doc *openapi3.T) {
	no := false
	for _, s := range doc.Components.Schemas {
		if len(s.Value.Properties) > 0 && s.Value.AdditionalProperties.Schema == nil {
			s.Value.AdditionalProperties.Has = &no
		}
	}
}

// check tells whether the contract of the request's protocol allows it.
func (c *contracts) check(req *http.Request, body []byte) error {
	if req.URL.Path == "/graphql" {
		return c.graphQL(body)
	}
	copied := req.Clone(req.Context())
	copied.URL = &url.URL{Path: req.URL.Path}
	copied.Body = io.NopCloser(bytes.NewReader(body))
	for _, router := range c.routers {
		route, params, err := router.FindRoute(copied)
		if err != nil {
			continue
		}
		return openapi3filter.ValidateRequest(req.Context(), &openapi3filter.RequestValidationInput{
			Request: copied, PathParams: params, Route: route,
			Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc},
		})
	}
	return fmt.Errorf("no OpenAPI document has %s %s", req.Method, req.URL.Path)
}

// graphQL holds the document and its variables against the schema.
func (c *contracts) graphQL(body []byte) error {
	var in struct {
		Query     string
		Variables map[string]any
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if err := d.Decode(&in); err != nil {
		return err
	}
	doc, errs := gqlparser.LoadQueryWithRules(c.schema, in.Query, rules.NewDefaultRules())
	if len(errs) > 0 {
		return errs
	}
	if in.Variables == nil && strings.Contains(in.Query, "$") {
		return fmt.Errorf("the variables are missing")
	}
	if _, err := validator.VariableValues(c.schema, doc.Operations[0], in.Variables); err != nil {
		return err
	}
	return nil
}
