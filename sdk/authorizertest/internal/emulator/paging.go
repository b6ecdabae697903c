package emulator

import authorizer "github.com/triwire/authorizer-sdk/sdk"

// page cuts a page out of a list and shows the newest first, as the real server
// does. What was made in the same second is shown in the same order too.
func page[T any](list []*T, p *authorizer.PaginationRequest) ([]T, authorizer.Pagination) {
	limit, number := int64(10), int64(1)
	if p != nil && p.Limit != nil {
		limit = *p.Limit
	}
	if p != nil && p.Page != nil {
		number = *p.Page
	}
	total := int64(len(list))
	out := authorizer.Pagination{Limit: limit, Page: number, Offset: (number - 1) * limit, Total: total}
	first, end := max(out.Offset, 0), total
	if limit >= 0 { // a negative one is no limit
		end = min(first+limit, total)
	}
	var items []T
	for i := first; i < end; i++ {
		items = append(items, *list[total-1-i])
	}
	return items, out
}
