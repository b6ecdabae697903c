package resolve

import (
	"fmt"
	"slices"
	"testing"

	"github.com/triwire/authorizer-sdk/internal/ir"
)

// TestIterators names the iterators of clients with these methods, those with a
// star being lists in pages, in this order and the other way round.
func TestIterators(t *testing.T) {
	for _, tt := range []struct {
		methods []string
		want    string
	}{
		{[]string{"*Users", "*ListBooks", "*Listings", "Close"}, "[AllUsers AllBooks AllListings]"},
		{[]string{"*List", "*ListFGATuples"}, "[All AllFGATuples]"},
		{[]string{"*Books", "*ListBooks"}, "[AllBooks AllListBooks]"},
		{[]string{"AllBooks", "*ListBooks"}, "[AllListBooks]"},
		{[]string{"Books", "*ListBooks"}, "[AllBooks]"},
	} {
		s := &ir.Service{}
		for _, name := range tt.methods {
			m := &ir.Method{GoName: name}
			if name[0] == '*' {
				m.GoName, m.Paging = name[1:], &ir.Paging{}
			}
			s.Methods = append(s.Methods, m)
		}
		for range 2 {
			iterators(s)
			slices.Reverse(s.Methods)
		}
		var got []string
		for _, m := range s.Methods {
			if m.Paging != nil {
				got = append(got, m.Paging.Iterator)
			}
		}
		if fmt.Sprint(got) != tt.want {
			t.Errorf("%v: %v, want %v", tt.methods, got, tt.want)
		}
	}
}
