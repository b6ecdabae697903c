package keys

import (
	"fmt"
	"strings"
)

// Markdown is the reference of the manifest's keys.
func Markdown(objects []*Object) []byte {
	var out strings.Builder
	out.WriteString(`# The manifest

` + "`manifest.yaml`" + ` says which methods an API has, over which protocols each can be called, and the few facts about the wire
that the contracts do not tell. ` + "`sdkgen init`" + ` writes a first one. Editors that know JSON Schema complete and check it with
this first line (it is the one that ` + "`sdkgen init`" + ` writes):

    # yaml-language-server: $schema=https://raw.githubusercontent.com/triwire/authorizer-sdk/main/docs/manifest.schema.json

This page and [the schema](manifest.schema.json) are made from the types that read the manifest. A name in snake case
is made of words in lower case joined by underscores; a logical name of a field is the one that is the same on every
protocol.

`)
	titles := titlesOf(objects)
	for _, o := range objects {
		fmt.Fprintf(&out, "## %s\n\n%s\n\n| key | type | default | meaning |\n|---|---|---|---|\n", titles[o.Name], sentence(o.Doc))
		for _, k := range o.Keys {
			fmt.Fprintf(&out, "| `%s` | %s | %s | %s |\n", k.Name, typeText(k, titles), defaultText(k), cell(sentence(k.Doc)))
		}
		out.WriteByte('\n')
	}
	return []byte(strings.TrimRight(out.String(), "\n") + "\n")
}

// titlesOf calls the objects by the keys that lead to them.
func titlesOf(objects []*Object) map[string]string {
	out := map[string]string{objects[0].Name: "The keys at the top"}
	paths := map[string]string{}
	for _, o := range objects {
		for _, k := range o.Keys {
			if isScalar(k.Type.Of) || paths[k.Type.Of] != "" {
				continue
			}
			path := strings.TrimPrefix(paths[o.Name]+"."+k.Name, ".")
			paths[k.Type.Of] = path
			out[k.Type.Of] = path
			if k.Type.List {
				out[k.Type.Of] = "An entry of " + path
			}
		}
	}
	return out
}

func typeText(k *Key, titles map[string]string) string {
	of := k.Type.Of
	switch {
	case len(k.Words) > 0:
		of = "`" + strings.Join(k.Words, "`, `") + "`"
	case !isScalar(of):
		of = "[object](#" + anchor(titles[of]) + ")"
	}
	switch {
	case k.Type.List:
		return "list of " + of
	case k.Type.Map:
		return "map to " + of
	}
	return of
}

// anchor is how a heading is linked to.
func anchor(title string) string {
	title = strings.ReplaceAll(strings.ToLower(title), " ", "-")
	return strings.Map(func(r rune) rune {
		if r == '.' {
			return -1
		}
		return r
	}, title)
}

func defaultText(k *Key) string {
	switch {
	case k.Required:
		return "required"
	case k.Default != "":
		return "`" + k.Default + "`"
	}
	return ""
}

// sentence begins with a capital and ends with a full stop.
func sentence(doc string) string {
	if doc == "" {
		return ""
	}
	if !strings.HasSuffix(doc, ".") {
		doc += "."
	}
	return strings.ToUpper(doc[:1]) + doc[1:]
}

func cell(text string) string {
	return strings.NewReplacer("|", `\|`, "<", "&lt;").Replace(text)
}
