package graphqlschema

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator"
)

// defaultDeprecation is the reason that the GraphQL specification gives to a
// deprecation without one.
const defaultDeprecation = "No longer supported"

// ServerError is what a server answered instead of its schema.
type ServerError struct {
	// Messages are the texts of the GraphQL errors, as the server sent them.
	Messages []string
}

// Error joins the messages.
func (e *ServerError) Error() string {
	return "the server answered the introspection query with: " + strings.Join(e.Messages, "; ")
}

// answer is the JSON of an introspection answer; field names as in the
// specification.
type answer struct {
	Data *struct {
		Schema *schemaJSON `json:"__schema"`
	} `json:"data"`
	Schema *schemaJSON `json:"__schema"`
	Errors []struct {
		Message string `json:"message"`
	} `json:"errors"`
}

type schemaJSON struct {
	Description      string          `json:"description"`
	QueryType        *typeJSON       `json:"queryType"`
	MutationType     *typeJSON       `json:"mutationType"`
	SubscriptionType *typeJSON       `json:"subscriptionType"`
	Types            []typeJSON      `json:"types"`
	Directives       []directiveJSON `json:"directives"`
}

type typeJSON struct {
	Kind           string      `json:"kind"`
	Name           string      `json:"name"`
	Description    string      `json:"description"`
	SpecifiedByURL *string     `json:"specifiedByURL"`
	IsOneOf        bool        `json:"isOneOf"`
	OfType         *typeJSON   `json:"ofType"`
	Fields         []fieldJSON `json:"fields"`
	InputFields    []inputJSON `json:"inputFields"`
	Interfaces     []typeJSON  `json:"interfaces"`
	PossibleTypes  []typeJSON  `json:"possibleTypes"`
	EnumValues     []enumJSON  `json:"enumValues"`
}

type deprecationJSON struct {
	IsDeprecated      bool    `json:"isDeprecated"`
	DeprecationReason *string `json:"deprecationReason"`
}

type fieldJSON struct {
	deprecationJSON
	Name        string      `json:"name"`
	Description string      `json:"description"`
	Args        []inputJSON `json:"args"`
	Type        *typeJSON   `json:"type"`
}

type inputJSON struct {
	deprecationJSON
	Name         string    `json:"name"`
	Description  string    `json:"description"`
	Type         *typeJSON `json:"type"`
	DefaultValue *string   `json:"defaultValue"`
}

type enumJSON struct {
	deprecationJSON
	Name        string `json:"name"`
	Description string `json:"description"`
}

type directiveJSON struct {
	Name         string      `json:"name"`
	Description  string      `json:"description"`
	IsRepeatable bool        `json:"isRepeatable"`
	Locations    []string    `json:"locations"`
	Args         []inputJSON `json:"args"`
}

// FromIntrospection turns the JSON answer to an introspection query (with or
// without the "data" envelope) into a schema file. Types are sorted by name,
// fields stay in the server's order; what GraphQL itself defines is left out.
// The same answer gives the same bytes. An answer with GraphQL errors gives a
// *ServerError.
func FromIntrospection(data []byte) ([]byte, error) {
	var a answer
	if err := json.Unmarshal(data, &a); err != nil {
		return nil, fmt.Errorf("the introspection answer is not JSON of the expected shape: %w", err)
	}
	if a.Data != nil && a.Schema == nil {
		a.Schema = a.Data.Schema
	}
	if a.Schema == nil && len(a.Errors) > 0 {
		e := &ServerError{}
		for _, one := range a.Errors {
			e.Messages = append(e.Messages, one.Message)
		}
		return nil, e
	}
	if a.Schema == nil || a.Schema.QueryType == nil {
		return nil, errors.New("the introspection answer holds no schema")
	}
	p := newPrinter(a.Schema)
	if err := p.schema(); err != nil {
		return nil, err
	}
	out := p.buf.Bytes()
	if _, err := validator.LoadSchema(validator.Prelude, &ast.Source{Name: "schema", Input: string(out)}); err != nil {
		return nil, fmt.Errorf("the introspection answer is not a valid schema: %w", err)
	}
	return out, nil
}

// IntrospectionQueries are the queries to try, best first: the first asks for
// all that newer servers tell, the last only for what every server knows. A
// server answers a question that it does not know with an error.
func IntrospectionQueries() []string {
	rich := strings.NewReplacer(
		"<SCHEMA>", "description",
		"<TYPE>", "specifiedByURL isOneOf",
		"<INPUTS>", "(includeDeprecated: true)",
		"<INPUT>", "isDeprecated deprecationReason",
		"<DIRECTIVE>", "isRepeatable",
	)
	plain := strings.NewReplacer("<SCHEMA>", "", "<TYPE>", "", "<INPUTS>", "", "<INPUT>", "", "<DIRECTIVE>", "")
	return []string{rich.Replace(introspectionQuery), plain.Replace(introspectionQuery)}
}

const introspectionQuery = `query IntrospectionQuery {
  __schema {
    <SCHEMA>
    queryType { name }
    mutationType { name }
    subscriptionType { name }
    types { ...FullType }
    directives { name description <DIRECTIVE> locations args<INPUTS> { ...InputValue } }
  }
}
fragment FullType on __Type {
  kind
  name
  description
  <TYPE>
  fields(includeDeprecated: true) {
    name
    description
    args<INPUTS> { ...InputValue }
    type { ...TypeRef }
    isDeprecated
    deprecationReason
  }
  inputFields<INPUTS> { ...InputValue }
  interfaces { ...TypeRef }
  enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason }
  possibleTypes { ...TypeRef }
}
fragment InputValue on __InputValue {
  name
  description
  type { ...TypeRef }
  defaultValue
  <INPUT>
}
fragment TypeRef on __Type {
  kind name ofType {
    kind name ofType {
      kind name ofType {
        kind name ofType {
          kind name ofType {
            kind name ofType {
              kind name ofType { kind name }
            }
          }
        }
      }
    }
  }
}
`
