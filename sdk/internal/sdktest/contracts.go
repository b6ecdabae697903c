package sdktest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"google.golang.org/protobuf/reflect/protoreflect"
	"gopkg.in/yaml.v3"

	authorizerv1 "github.com/triwire/authorizer-sdk/gen/authorizer/v1"
)

// contracts is what the server knows of the service.
type contracts struct {
	schema *ast.Schema
	// rest names the method of "POST /v1/login".
	rest map[string]string
	// methods by their name in lower case, "verifyotp".
	methods map[string]protoreflect.MethodDescriptor
}

// loadContracts reads the contracts once for all servers of a test program.
var loadContracts = sync.OnceValues(readContracts)

func readContracts() (*contracts, error) {
	root, err := moduleRoot()
	if err != nil {
		return nil, err
	}
	text, err := os.ReadFile(filepath.Join(root, "schema.graphql"))
	if err != nil {
		return nil, err
	}
	c := &contracts{rest: map[string]string{}, methods: map[string]protoreflect.MethodDescriptor{}}
	if c.schema, err = gqlparser.LoadSchema(&ast.Source{Name: "schema.graphql", Input: string(text)}); err != nil {
		return nil, err
	}
	for _, name := range []string{"openapi.yaml", "openapi.oauth.yaml"} {
		if err := c.addPaths(filepath.Join(root, name)); err != nil {
			return nil, err
		}
	}
	return c, c.addServices()
}

// moduleRoot is the directory of go.mod above the package under test.
func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	for err == nil {
		if _, missing := os.Stat(filepath.Join(dir, "schema.graphql")); missing == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", fmt.Errorf("no schema.graphql above the working directory")
		}
		dir = parent
	}
	return "", err
}

// addPaths notes which method each path of an OpenAPI document is. The
// operation ids end with the name of the gRPC method.
func (c *contracts) addPaths(file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var doc struct {
		Paths map[string]map[string]struct {
			OperationID string `yaml:"operationId"`
		} `yaml:"paths"`
	}
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return err
	}
	for path, verbs := range doc.Paths {
		for verb, op := range verbs {
			_, name, _ := strings.Cut(op.OperationID, "_")
			c.rest[strings.ToUpper(verb)+" "+path] = key(name)
		}
	}
	c.rest["POST /oauth/token"], c.rest["POST /oauth/revoke"] = "gettoken", "revoketoken"
	return nil
}

// addServices notes the gRPC methods. Names must differ between the services,
// since handlers go by them.
func (c *contracts) addServices() error {
	for _, file := range []protoreflect.FileDescriptor{authorizerv1.File_authorizer_v1_authorizer_proto, authorizerv1.File_authorizer_v1_admin_proto} {
		for i := range file.Services().Len() {
			methods := file.Services().Get(i).Methods()
			for j := range methods.Len() {
				m := methods.Get(j)
				name := key(string(m.Name()))
				if c.methods[name] != nil {
					return fmt.Errorf("two methods are named %s", m.Name())
				}
				c.methods[name] = m
			}
		}
	}
	return nil
}

// key makes the spellings of a method's name alike: verify_otp, VerifyOTP and
// VerifyOtp.
func key(name string) string { return strings.ToLower(strings.ReplaceAll(name, "_", "")) }
