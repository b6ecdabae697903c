package openapidoc

import (
	"context"
	"errors"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/triwire/authorizer-sdk/internal/diag"
)

// validate checks the document by the rules of OpenAPI, all of them.
func validate(doc *openapi3.T) error {
	return doc.Validate(context.Background(),
		openapi3.EnableMultiError(),
		// Neither decides what a call looks like, and examples and patterns of
		// real servers are often wrong.
		openapi3.DisableExamplesValidation(),
		openapi3.DisableSchemaPatternValidation(),
		openapi3.DisableSchemaDefaultsValidation(),
	)
}

// addErrors turns an error of kin-openapi, which may be a tree of many, into
// findings at the deepest place that the tree tells.
func addErrors(src *source, err error, list *diag.List) {
	if err != nil {
		addErrorsAt(src, err, "", list)
	}
}

func addErrorsAt(src *source, err error, ptr string, list *diag.List) {
	switch e := err.(type) {
	case openapi3.MultiError:
		for _, one := range e {
			addErrorsAt(src, one, ptr, list)
		}
	case *openapi3.SectionValidationError:
		// What the document says about itself as a whole does not concern
		// sdkgen, and servers leave the title empty.
		if e.Section != "info" {
			addErrorsAt(src, e.Cause, pointer("", e.Section), list)
		}
	case *openapi3.PathValidationError:
		addErrorsAt(src, e.Cause, pointer("/paths", e.Path), list)
	case *openapi3.OperationValidationError:
		addErrorsAt(src, e.Cause, pointer(ptr, strings.ToLower(e.Method)), list)
	case *openapi3.ComponentValidationError:
		addErrorsAt(src, e.Cause, pointer("/components", componentKey(e.Section), e.Name), list)
	case *openapi3.ConflictingPathsError:
		// Servers may tell them apart by verb, or by what is in them; a client
		// writes the one that it means.
	case *openapi3.PathParametersError:
		list.Addf(src.near(pointer("/paths", e.Path)), "not valid OpenAPI 3: %v", e)
	default:
		var many openapi3.MultiError
		if errors.As(err, &many) {
			addErrorsAt(src, many, ptr, list)
			return
		}
		list.Addf(src.near(ptr), "not valid OpenAPI 3: %v", err)
	}
}

// componentKey is the key under components for the word that errors use.
func componentKey(section string) string {
	switch section {
	case "request body":
		return "requestBodies"
	case "security scheme":
		return "securitySchemes"
	default:
		return section + "s"
	}
}

// near is the place of the pointer, or of the closest thing around it.
func (s *source) near(ptr string) diag.Pos {
	for {
		if pos, ok := s.pos[ptr]; ok {
			return pos
		}
		i := strings.LastIndex(ptr, "/")
		if i < 0 {
			return diag.Pos{File: s.file}
		}
		ptr = ptr[:i]
	}
}
