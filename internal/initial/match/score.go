package match

import (
	"fmt"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

// The kinds of evidence, as people read them.
const (
	byAnnotation  = "HTTP annotation"
	byOperationID = "operation id"
	bySameName    = "same name"
)

// The bounds of scores, from 0 to 1.
const (
	said    = 0.98 // the contracts themselves say that the two are one
	certain = 0.95
	likely  = 0.75
	least   = 0.6 // below, two operations are no pair
	nearby  = 0.3 // below, they are not worth a mention
	// margin is how much better than any other choice a pair must be.
	margin = 0.05
)

// score is how much two operations look like the same method.
type score struct {
	value float64
	// evidence says why, in a few words.
	evidence []string
}

// side is one operation with what is known of it.
type side struct {
	protocol ir.Protocol
	op       *contract.Operation
	readings []reading
	shape    shape
	// route is the verb and path of a REST operation, or of a gRPC method's
	// annotation, without the names of its variables.
	route string
}

// scorer compares operations.
type scorer struct {
	words, fields *weights
}

func newScorer(sides []*side) *scorer {
	s := &scorer{words: newWeights(), fields: newWeights()}
	for _, one := range sides {
		seen := map[string]bool{}
		for _, r := range one.readings {
			for _, w := range r.nouns {
				seen[w] = true
			}
		}
		s.words.add(seen)
		seen = map[string]bool{}
		for _, looks := range [][]fields{one.shape.request, one.shape.response, one.shape.whole} {
			for _, look := range looks {
				for name := range look {
					seen[name] = true
				}
			}
		}
		s.fields.add(seen)
	}
	return s
}

func (w *weights) add(names map[string]bool) {
	w.total++
	for name := range names {
		w.count[name]++
	}
}

// score compares two operations of different contracts.
func (s *scorer) score(a, b *side) score {
	if a.route != "" && a.route == b.route {
		return score{1, []string{byAnnotation}}
	}
	if isOperationID(a, b) || isOperationID(b, a) {
		return score{said, []string{byOperationID}}
	}
	name, how := s.name(a, b)
	request, requestFields := s.fields.alike(a.shape.asked(b.shape), b.shape.asked(a.shape))
	response, responseFields := s.fields.alike(a.shape.answer(b.shape), b.shape.answer(a.shape))
	fields := requestFields + responseFields
	shape := 0.0
	if fields > 0 {
		shape = (request*requestFields + response*responseFields) / fields
	}
	out := score{evidence: []string{how}}
	switch {
	case fields < 1:
		out.value = 0.9 * name
	case name < nearby && opposed(a, b):
		return score{}
	case name < nearby:
		// Many operations answer the same, and small requests are much alike: a shape
		// tells something only where much is taken.
		const much = 4
		out = score{value: min(0.66*shape, least-margin)}
		if shape >= 0.9 && request >= 0.9 && requestFields >= much {
			out.value = 0.66 * shape
		}
	case shape < 0.2:
		out.value = min(0.7*name, least-margin)
	default:
		// However alike they are: it is not the contracts that say it.
		out.value = min(0.72*name+0.28*shape, said-0.01)
	}
	if fields >= 1 {
		out.evidence = append(out.evidence, fmt.Sprintf("shape %.1f", shape))
	}
	if contradict(a, b) {
		out.value *= 0.8
	}
	return out
}

// opposed tells whether two operations say that they do different things.
func opposed(a, b *side) bool {
	for _, x := range a.readings {
		for _, y := range b.readings {
			if x.verb != "" && y.verb != "" && x.verb != y.verb {
				return true
			}
		}
	}
	return false
}

// isOperationID tells whether the REST operation's id names the gRPC method, as
// gateways write it.
func isOperationID(rest, grpc *side) bool {
	if rest.protocol != ir.REST || grpc.protocol != ir.GRPC {
		return false
	}
	service, method, _ := strings.Cut(grpc.op.Key, "/")
	return rest.op.OperationID == short(service)+"_"+method
}

// contradict tells whether one operation only reads and the other does not.
func contradict(a, b *side) bool {
	reads, writes := false, false
	for _, one := range []*side{a, b} {
		switch {
		case one.protocol == ir.GraphQL:
			reads, writes = reads || one.op.Kind == contract.KindQuery, writes || one.op.Kind == contract.KindMutation
		case strings.HasPrefix(one.op.Key, "GET "):
			reads = true
		case strings.HasPrefix(one.op.Key, "DELETE "), strings.HasPrefix(one.op.Key, "PUT "), strings.HasPrefix(one.op.Key, "PATCH "):
			writes = true
		}
	}
	return reads && writes
}

// name is the best likeness of two names in any of their readings.
func (s *scorer) name(a, b *side) (float64, string) {
	best, how := 0.0, ""
	for _, x := range a.readings {
		for _, y := range b.readings {
			value, why := s.reading(x, y)
			if value *= min(x.trust, y.trust); value > best {
				best, how = value, why
			}
		}
	}
	return best, how
}

func (s *scorer) reading(a, b reading) (float64, string) {
	if a.plain != "" && a.plain == b.plain {
		return 1, bySameName
	}
	if conflict(a, b) {
		return 0, ""
	}
	likeness := s.nouns(a.nouns, b.nouns)
	switch {
	case a.verb != b.verb:
		// One says what is done, the other leaves it out.
		likeness *= 0.75
	case a.plural != b.plural:
		likeness *= 0.9
	}
	if likeness > 0.9 {
		return 0.95 * likeness, "same words"
	}
	return 0.85 * likeness, fmt.Sprintf("name %.1f", likeness)
}

// conflict tells whether two names say different things: other deeds, or one
// thing against a list of them.
func conflict(a, b reading) bool {
	if a.verb != "" && b.verb != "" && a.verb != b.verb {
		return true
	}
	return a.plural != b.plural && (a.verb == "list" || b.verb == "list" || a.verb == "" || b.verb == "")
}

func (s *scorer) nouns(a, b []string) float64 {
	if len(a) == 0 || len(b) == 0 {
		return 0
	}
	left := map[string]int{}
	for _, w := range a {
		left[w]++
	}
	same, all := 0.0, 0.0
	for _, w := range b {
		weight := s.words.of(w)
		all += weight
		if left[w] > 0 {
			left[w]--
			same += weight
		}
	}
	for w, n := range left {
		all += s.words.of(w) * float64(n)
	}
	return same / all
}
