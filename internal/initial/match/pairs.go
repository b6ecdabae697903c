package match

import (
	"cmp"
	"maps"
	"slices"
)

// pairs are what is taken of the possible pairs.
type pairs struct {
	// edgesOfLeft and edgesOfRight are all possible ones.
	edgesOfLeft, edgesOfRight map[int][]edge
	ofLeft, ofRight           map[int]edge
	// doubtful are pairs that were taken back, by their right ends, with the
	// choice that is as good.
	doubtful map[int]edge
}

func newPairs(edges []edge) *pairs {
	p := &pairs{
		edgesOfLeft: map[int][]edge{}, edgesOfRight: map[int][]edge{},
		ofLeft: map[int]edge{}, ofRight: map[int]edge{}, doubtful: map[int]edge{},
	}
	for _, e := range edges {
		p.edgesOfLeft[e.left] = append(p.edgesOfLeft[e.left], e)
		p.edgesOfRight[e.right] = append(p.edgesOfRight[e.right], e)
	}
	return p
}

func (p *pairs) take(edges []edge) {
	for _, e := range edges {
		p.ofLeft[e.left], p.ofRight[e.right] = e, e
	}
}

// free tells whether neither end of a pair is taken.
func (p *pairs) free(e edge) bool {
	_, left := p.ofLeft[e.left]
	_, right := p.ofRight[e.right]
	return !left && !right
}

// dropDoubtful takes back the pairs that are not clearly better than another
// choice for one of their ends.
func (p *pairs) dropDoubtful() {
	for _, right := range slices.Sorted(maps.Keys(p.ofRight)) {
		e := p.ofRight[right]
		if e.value >= certain {
			continue
		}
		if other, ok := p.rival(e); ok {
			p.doubtful[right] = other
		}
	}
	for right := range p.doubtful {
		delete(p.ofLeft, p.ofRight[right].left)
		delete(p.ofRight, right)
	}
}

// rival is another choice for one end of a pair that is almost as good, and whose
// other end is not in clearly better hands.
func (p *pairs) rival(e edge) (edge, bool) {
	for _, other := range slices.Concat(p.edgesOfLeft[e.left], p.edgesOfRight[e.right]) {
		if other == e || other.value < e.value-margin {
			continue
		}
		taken, ok := p.ofRight[other.right]
		if other.left != e.left {
			taken, ok = p.ofLeft[other.left]
		}
		if !ok || taken.value <= other.value+margin {
			return other, true
		}
	}
	return edge{}, false
}

// nearest are the methods that an operation without a pair looks most like, and
// why it is none of them.
func nearest(methods []*Method, p *pairs, right int) []Near {
	const many = 2
	list := slices.Clone(p.edgesOfRight[right])
	slices.SortStableFunc(list, func(a, b edge) int { return cmp.Compare(b.value, a.value) })
	var out []Near
	for _, e := range list[:min(len(list), many)] {
		m := methods[e.left]
		for _, protocol := range order() {
			if op := m.Operations[protocol]; op != nil {
				out = append(out, Near{Protocol: protocol, Key: op.Key, Score: e.value, Why: p.why(methods, e)})
				break
			}
		}
	}
	return out
}

// why a pair was not taken.
func (p *pairs) why(methods []*Method, e edge) string {
	if _, doubtful := p.doubtful[e.right]; doubtful {
		return "fits as well as another"
	}
	if taken, ok := p.ofLeft[e.left]; ok && taken.right != e.right {
		return "which fits another better"
	}
	return "not alike enough"
}
