package match

import (
	"cmp"
	"slices"
)

// edge is a possible pair of a left and a right operation, by their indexes.
type edge struct {
	left, right int
	value       float64
}

// maxBlock bounds how many operations are weighed against each other at once:
// the time goes with the third power.
const maxBlock = 256

// assign picks, of all possible pairs, those that are the best together; each
// operation is in at most one of them.
func assign(edges []edge) []edge {
	var out []edge
	for _, block := range blocks(edges) {
		for tooLarge(block) {
			// Drop the weakest, so that the block falls apart.
			slices.SortStableFunc(block, func(a, b edge) int { return cmp.Compare(b.value, a.value) })
			block = block[:len(block)*3/4]
		}
		for _, part := range blocks(block) {
			out = append(out, best(part)...)
		}
	}
	slices.SortFunc(out, func(a, b edge) int { return cmp.Or(cmp.Compare(a.left, b.left), cmp.Compare(a.right, b.right)) })
	return out
}

func tooLarge(block []edge) bool {
	for _, part := range blocks(block) {
		left, right := ends(part)
		if max(len(left), len(right)) > maxBlock {
			return true
		}
	}
	return false
}

// blocks parts the edges into groups that have no operation in common.
func blocks(edges []edge) [][]edge {
	parent := map[int]int{}
	var find func(n int) int
	find = func(n int) int {
		if p, ok := parent[n]; ok && p != n {
			parent[n] = find(p)
			return parent[n]
		}
		return n
	}
	// Right ones are below zero.
	for _, e := range edges {
		parent[find(e.left)] = find(-e.right - 1)
	}
	at := map[int]int{}
	var out [][]edge
	for _, e := range edges {
		root := find(e.left)
		if _, ok := at[root]; !ok {
			at[root] = len(out)
			out = append(out, nil)
		}
		out[at[root]] = append(out[at[root]], e)
	}
	return out
}

// ends are the operations of the edges, each once.
func ends(edges []edge) (left, right []int) {
	for _, e := range edges {
		left, right = append(left, e.left), append(right, e.right)
	}
	slices.Sort(left)
	slices.Sort(right)
	return slices.Compact(left), slices.Compact(right)
}

// best solves one block by the Hungarian method with potentials: rows are added
// one by one, each along the cheapest path of changes to those before.
func best(edges []edge) []edge {
	if len(edges) == 1 {
		return edges
	}
	left, right := ends(edges)
	n := len(left)
	m := len(right) + n // the last n columns stand for being left alone
	cost := make([][]float64, n+1)
	for i := range cost {
		cost[i] = make([]float64, m+1)
	}
	for _, e := range edges {
		i, _ := slices.BinarySearch(left, e.left)
		j, _ := slices.BinarySearch(right, e.right)
		// The third power: two poor pairs do not outweigh a good one.
		cost[i+1][j+1] = -e.value * e.value * e.value
	}
	rowOf := hungarian(cost, n, m)
	var out []edge
	for _, e := range edges {
		i, _ := slices.BinarySearch(left, e.left)
		j, _ := slices.BinarySearch(right, e.right)
		if rowOf[j+1] == i+1 {
			out = append(out, e)
		}
	}
	return out
}

// hungarian returns the row of each column, counted from 1; 0: none.
func hungarian(cost [][]float64, n, m int) []int {
	const far = 1e18
	u, v := make([]float64, n+1), make([]float64, m+1)
	rowOf, way := make([]int, m+1), make([]int, m+1)
	for i := 1; i <= n; i++ {
		rowOf[0] = i
		at := 0
		least := make([]float64, m+1)
		for j := range least {
			least[j] = far
		}
		used := make([]bool, m+1)
		for rowOf[at] != 0 {
			used[at] = true
			row, delta, next := rowOf[at], far, 0
			for j := 1; j <= m; j++ {
				if used[j] {
					continue
				}
				if reduced := cost[row][j] - u[row] - v[j]; reduced < least[j] {
					least[j], way[j] = reduced, at
				}
				if least[j] < delta {
					delta, next = least[j], j
				}
			}
			for j := 0; j <= m; j++ {
				if used[j] {
					u[rowOf[j]] += delta
					v[j] -= delta
				} else {
					least[j] -= delta
				}
			}
			at = next
		}
		for at != 0 {
			rowOf[at] = rowOf[way[at]]
			at = way[at]
		}
	}
	return rowOf
}
