package replay

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/triwire/authorizer-sdk/internal/ir"
	"github.com/triwire/authorizer-sdk/internal/pipeline"
	authorizer "github.com/triwire/authorizer-sdk/sdk"
)

// What the manifest says a method fails with is what the recorded server failed
// with: nothing is made up, nothing is left out. What the reference says of
// itself has no entry: that a credential is missing, or a required field.
func TestErrorsOfMethods(t *testing.T) {
	out, err := pipeline.Run(t.Context(), pipeline.Project{Dir: "../..", Manifest: "manifest.yaml"})
	if err != nil {
		t.Fatal(err)
	}
	recorded := recordedErrors(t, out.Model)
	for _, s := range out.Model.Services {
		for _, m := range s.Methods {
			want := recorded[m.Name]
			slices.SortFunc(want, byText)
			have := slices.SortedFunc(slices.Values(m.Errors), byText)
			for _, e := range want {
				if !slices.Contains(have, e) {
					t.Errorf("method %s failed with %+v, which its row lacks", m.Name, e)
				}
			}
			for _, e := range have {
				if !slices.Contains(want, e) {
					t.Errorf("the row of method %s has the error %+v, which was not recorded", m.Name, e)
				}
			}
		}
	}
}

func byText(a, b ir.MethodError) int {
	return strings.Compare(a.Text+a.Word+a.Code, b.Text+b.Word+b.Code)
}

// recordedErrors are the failures of each method: those over gRPC, which have
// codes, and those that only HTTP has.
func recordedErrors(t *testing.T, sdk *ir.SDK) map[string][]ir.MethodError {
	t.Helper()
	methods := map[string]*ir.Method{}
	for _, s := range sdk.Services {
		for _, m := range s.Methods {
			methods[m.Name] = m
		}
	}
	names := map[string]string{"oauth_token": "get_token", "oauth_revoke": "revoke_token"}
	out := map[string][]ir.MethodError{}
	for _, scenario := range []string{"", ".mail"} {
		for _, protocol := range Protocols() {
			for _, step := range testRecording(t, protocol+scenario).Steps {
				name := strings.TrimPrefix(step.Method, "_")
				if names[name] != "" {
					name = names[name]
				}
				if m := methods[name]; m != nil && step.Expect == "error" {
					if e, ok := recordedError(sdk, m, step); ok && !slices.Contains(out[name], e) {
						out[name] = append(out[name], e)
					}
				}
			}
		}
	}
	return out
}

// recordedError is a step's failure as the table of errors has it.
func recordedError(sdk *ir.SDK, m *ir.Method, step *Step) (ir.MethodError, bool) {
	transport, _, _ := strings.Cut(step.Name, "_")
	switch {
	case slices.Contains([]string{"http", "rest", "grpc"}, transport): // a probe, no call of a method
		return ir.MethodError{}, false
	case m.Always != "":
		var body struct{ Error string }
		_ = json.Unmarshal(step.Response.Body, &body)
		for _, w := range sdk.Errors.Codes {
			if w.Word == body.Error {
				return ir.MethodError{Code: w.Code, Word: w.Word}, true
			}
		}
		return ir.MethodError{Word: body.Error}, true
	case m.Binding(ir.GRPC) == nil:
		var body struct{ Errors []struct{ Message string } }
		_ = json.Unmarshal(step.Response.Body, &body)
		return fromTable(sdk, body.Errors[0].Message, ""), true
	case !step.GRPC():
		return ir.MethodError{}, false // the same over gRPC, with a code
	}
	code, text := codeOf(step.Response.Code), step.Response.StatusMessage
	switch {
	case strings.HasPrefix(text, "validation error") && slices.ContainsFunc(m.Request.Fields, func(f *ir.Field) bool { return f.Required }):
		return ir.MethodError{}, false
	case code == "unauthenticated" && text == "unauthorized" && m.Credential != ir.CredentialNone:
		return ir.MethodError{}, false
	}
	return fromTable(sdk, text, code), true
}

// fromTable finds a message; without the same code there, it is the code alone.
func fromTable(sdk *ir.SDK, text, code string) ir.MethodError {
	for _, m := range sdk.Errors.Messages {
		if (m.Text == text || m.Prefix && strings.HasPrefix(text, m.Text)) && (code == "" || m.Code == code) {
			return ir.MethodError{Code: m.Code, Text: m.Text, Prefix: m.Prefix}
		}
	}
	return ir.MethodError{Code: code}
}

// codeOf is the name of a code; the engine's own codes are internal.
func codeOf(code uint32) string {
	if code > uint32(authorizer.CodeUnauthenticated) {
		return authorizer.CodeInternal.String()
	}
	return authorizer.Code(code).String()
}
