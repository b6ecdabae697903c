package keys

import (
	"fmt"
	"slices"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/manifest"
)

// What the types themselves do not tell. TestLimits holds it to what reading a
// manifest refuses.

// required are the keys that an object cannot do without, by its Go name.
func required() map[string]string {
	return map[string]string{
		"File":            "version api contracts output services methods",
		"API":             "name",
		"GraphQLContract": "schema path",
		"RESTContract":    "documents",
		"GRPCContract":    "protos port",
		"Output":          "package",
		"Object":          "field",
		"Setting":         "name",
		"Header":          "name value",
		"Service":         "name client constructor",
		"FieldRule":       "type field",
		"Default":         "field setting",
		"Paging":          "style request answer",
		"Message":         "code",
		"Ignored":         "reason",
		"Accepted":        "rule reason",
		"Group":           "name title",
		"Method":          "name service doc protocols",
	}
}

// words are the values that keys may have, by object and key.
func words() map[string][]string {
	return map[string][]string{
		"Header.protocols":         manifest.Protocols(),
		"FieldRule.only":           manifest.Protocols(),
		"Accepted.protocols":       manifest.Protocols(),
		"Method.protocols":         manifest.Protocols(),
		"Method.always":            {"rest"},
		"Method.credential":        manifest.Credentials(),
		"Paging.style":             {"number", "token"},
		"Message.code":             manifest.Codes(),
		"Errors.extensions":        manifest.Codes(),
		"Errors.codes":             manifest.Codes(),
		"Errors.noncanonical_grpc": manifest.Codes(),
	}
}

const (
	snakePattern  = `^[a-z][a-z0-9]*(_[a-z0-9]+)*$`
	goNamePattern = `^[A-Z][A-Za-z0-9_]*$`
)

// patterns are what texts must match, by object and key.
func patterns() map[string]string {
	return map[string]string{
		"RESTContract.base":   `^/[^?#{}\s]*$`,
		"File.scalars":        scalarPattern(),
		"Output.package":      `^[a-z][a-z0-9]*$`,
		"Setting.name":        snakePattern,
		"Setting.option":      goNamePattern,
		"Service.name":        snakePattern,
		"Service.client":      goNamePattern,
		"Service.constructor": goNamePattern,
		"Group.name":          snakePattern,
		"Method.name":         snakePattern,
		"Naming.types":        goNamePattern,
	}
}

// scalarPattern matches the words for scalars, and maps of those that have them.
func scalarPattern() string {
	free := []string{"object", "any"}
	single := slices.DeleteFunc(manifest.Scalars(), func(s string) bool { return slices.Contains(free, s) })
	words := strings.Join(single, "|")
	return fmt.Sprintf("^(%s|%s|map<(%s)>)$", words, strings.Join(free, "|"), words)
}

// limit writes the limits into the keys; one that is for no key is an error.
func limit(objects []*Object) error {
	keys := map[string]*Key{}
	for _, o := range objects {
		for _, k := range o.Keys {
			keys[o.Name+"."+k.Name] = k
		}
	}
	find := func(name string) (*Key, error) {
		if k := keys[name]; k != nil {
			return k, nil
		}
		return nil, fmt.Errorf("the manifest has no key %s", name)
	}
	for object, list := range required() {
		for _, name := range strings.Fields(list) {
			k, err := find(object + "." + name)
			if err != nil {
				return err
			}
			k.Required = true
		}
	}
	for name, list := range words() {
		k, err := find(name)
		if err != nil {
			return err
		}
		k.Words = list
	}
	for name, pattern := range patterns() {
		k, err := find(name)
		if err != nil {
			return err
		}
		k.Pattern = pattern
	}
	return nil
}
