package quality

import (
	"maps"
	"slices"
	"strings"

	"google.golang.org/protobuf/types/descriptorpb"

	"github.com/triwire/authorizer-sdk/internal/ir"
	"github.com/triwire/authorizer-sdk/internal/manifest"
)

// operationOf is the key of a row's operation: as written, or by the service's
// convention.
func (p *project) operationOf(m *manifest.Method, protocol ir.Protocol) string {
	key := map[ir.Protocol]string{ir.GraphQL: m.GraphQL.Value, ir.REST: m.REST.Value, ir.GRPC: m.GRPC.Value}[protocol]
	for _, s := range p.side0.Manifest.Services {
		if s.Name.Value == m.Service.Value && key == "" {
			key = map[ir.Protocol]string{ir.GraphQL: s.GraphQL.Value, ir.REST: s.REST.Value, ir.GRPC: s.GRPC.Value}[protocol]
		}
	}
	return strings.NewReplacer("{name}", m.Name.Value, "{Name}", camel(m.Name.Value)).Replace(key)
}

func (s *sources) rest(key string, m *manifest.Method) (request, response *node) {
	verb, path, ok := strings.Cut(key, " ")
	if !ok {
		path = key
		for v := range dig(s.paths, path) {
			verb = v
		}
	}
	op := dig(s.paths, path, strings.ToLower(verb))
	request = &node{name: key}
	list, _ := op["parameters"].([]any)
	for _, item := range list {
		param := item.(object)
		name := param["name"].(string)
		f := s.property(name, dig(param, "schema"))
		f.at = []string{strings.ToUpper(verb) + " " + path + "." + name}
		f.inPath = param["in"] == "path"
		f.required = param["required"] == true
		f.presence = !f.required && !f.hasNil
		if name != "Authorization" {
			request.fields = append(request.fields, f)
		}
	}
	if body := onlyRef(op["requestBody"]); body != "" {
		s.body(request, body, m)
	}
	if len(request.fields) == 0 {
		request = nil
	}
	for status, answer := range dig(op, "responses") {
		if name := onlyRef(answer); name != "" && status[0] == '2' {
			response = s.component(name)
			if len(response.fields) == 2 && response.fields[0].name == "error" && response.fields[1].name == "result" {
				response = response.fields[1].node // one document of a stream
			}
		}
	}
	return request, response
}

// body adds what a REST body is: the fields of the request, or one field where
// the method's protobuf request has one that holds such a message.
func (s *sources) body(request *node, name string, m *manifest.Method) {
	body := s.component(name)
	if slices.Contains(manifest.Values(m.Protocols), string(ir.GRPC)) {
		if grpc, _ := s.grpc(s.project.operationOf(m, ir.GRPC)); grpc != nil {
			for _, f := range grpc.fields {
				if f.node != nil && strings.HasSuffix(f.node.name, "."+name) {
					request.fields = append(request.fields, nodeField{name: f.name, node: body, says: says{message: true, presence: true, required: true}})
					return
				}
			}
		}
	}
	request.fields = append(request.fields, body.fields...)
}

// onlyRef is the component that is the JSON of a body or an answer.
func onlyRef(value any) string {
	refs := refsIn(value)
	if len(refs) == 0 {
		return ""
	}
	return refs[0]
}

func (s *sources) component(name string) *node {
	return s.once("rest "+name, name, func(n *node) {
		schema, _ := s.schemas[name].(object)
		tell := ""
		for _, other := range s.schemas {
			for _, ref := range refsIn(other.(object)["oneOf"]) {
				if ref == name {
					tell, _ = dig(object{"d": other.(object)["discriminator"]}, "d")["propertyName"].(string)
				}
			}
		}
		s.properties(n, name, schema, tell)
		members, _ := schema["oneOf"].([]any)
		for _, member := range members {
			ref := onlyRef(member)
			n.fields = append(n.fields, nodeField{
				name: ref, at: []string{name + "|" + ref}, node: s.component(ref),
				says: says{choice: true, message: true, presence: true},
			})
		}
	})
}

// properties adds those of a schema and of what it is put together from.
func (s *sources) properties(n *node, name string, schema object, tell string) {
	parts, _ := schema["allOf"].([]any)
	for _, part := range parts {
		if ref, ok := part.(object)["$ref"].(string); ok {
			ref = strings.TrimPrefix(ref, "#/components/schemas/")
			s.properties(n, ref, s.schemas[ref].(object), tell)
		} else {
			s.properties(n, name, part.(object), tell)
		}
	}
	required, _ := schema["required"].([]any)
	properties, _ := schema["properties"].(object)
	for _, key := range slices.Sorted(maps.Keys(properties)) {
		if key == tell {
			continue
		}
		f := s.property(key, properties[key].(object))
		f.at = []string{name + "." + key}
		f.required = slices.Contains(required, any(key))
		f.presence = !f.required
		n.fields = append(n.fields, f)
	}
}

// property is what OpenAPI says of a value.
func (s *sources) property(name string, schema object) nodeField {
	out := nodeField{name: name}
	if ref, ok := schema["$ref"].(string); ok {
		ref = strings.TrimPrefix(ref, "#/components/schemas/")
		target := s.schemas[ref].(object)
		if target["enum"] != nil {
			out = s.property(ref, target)
			out.name = name
			return out
		}
		wraps := slices.ContainsFunc(s.project.side0.Manifest.Objects, func(o manifest.Object) bool { return o.REST.Value == ref })
		out.message, out.node, out.hasNil = !wraps, s.component(ref), wraps
		if wraps {
			out.node = nil
		}
		return out
	}
	if values, ok := schema["enum"].([]any); ok {
		out.enum = name
		for _, v := range values {
			out.values = append(out.values, valueWord(name, v.(string)))
		}
	}
	kind := schema["type"]
	out.hasNil = kind == "array" || kind == "object" || kind == nil || schema["format"] == "byte"
	if kind == "array" || kind == "object" {
		for _, inner := range []string{"items", "additionalProperties"} {
			if v, ok := schema[inner].(object); ok {
				item := s.property(name, v)
				out.node, out.enum, out.values = item.node, item.enum, item.values
			}
		}
	}
	return out
}

func (s *sources) grpc(key string) (request, response *node) {
	for _, file := range s.protos.File {
		for _, service := range file.Service {
			for _, method := range service.Method {
				if file.GetPackage()+"."+service.GetName()+"/"+method.GetName() == key {
					return s.protoMessage(method.GetInputType()), s.protoMessage(method.GetOutputType())
				}
			}
		}
	}
	return nil, nil
}

// protoMessage is the message of that full name; nil if it says nothing.
func (s *sources) protoMessage(name string) *node {
	name = strings.TrimPrefix(name, ".")
	for _, file := range s.protos.File {
		for _, msg := range file.MessageType {
			if file.GetPackage()+"."+msg.GetName() != name || len(msg.Field) == 0 {
				continue
			}
			return s.once("grpc "+name, name, func(n *node) {
				for _, f := range msg.Field {
					n.fields = append(n.fields, s.protoField(name, msg, f))
				}
			})
		}
	}
	return nil
}

func (s *sources) protoField(name string, msg *messageDesc, f *fieldDesc) nodeField {
	out := nodeField{name: f.GetName(), at: []string{name + "." + f.GetName()}}
	kind := strings.TrimPrefix(f.GetTypeName(), ".google.protobuf.")
	wraps := slices.ContainsFunc(s.project.side0.Manifest.Objects, func(o manifest.Object) bool { return "."+o.GRPC.Value == f.GetTypeName() })
	own := f.GetType() == descriptorpb.FieldDescriptorProto_TYPE_MESSAGE && kind == f.GetTypeName()
	out.hasNil = f.GetLabel() == descriptorpb.FieldDescriptorProto_LABEL_REPEATED || f.GetType() == descriptorpb.FieldDescriptorProto_TYPE_BYTES ||
		wraps || slices.Contains([]string{"Struct", "Value", "ListValue", "FieldMask", "BytesValue"}, kind)
	out.presence = f.GetType() == descriptorpb.FieldDescriptorProto_TYPE_MESSAGE || f.OneofIndex != nil
	out.choice = f.OneofIndex != nil && !f.GetProto3Optional()
	if own && !wraps {
		out.message, out.node = true, s.protoMessage(f.GetTypeName())
	}
	if f.GetType() == descriptorpb.FieldDescriptorProto_TYPE_ENUM {
		out.enum = strings.TrimPrefix(f.GetTypeName(), ".")
		for _, file := range s.protos.File {
			for _, e := range slices.Concat(file.EnumType, msg.EnumType) {
				for _, v := range e.Value {
					if strings.HasSuffix(out.enum, "."+e.GetName()) {
						out.values = append(out.values, valueWord(out.enum, v.GetName()))
					}
				}
			}
		}
	}
	return out
}
