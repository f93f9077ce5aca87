package ui

import (
	"cmp"
	"net/url"
	"strings"

	"golang.org/x/net/html"
)

// controls reads the successful controls of a form as HTML names them. What
// stands in a template is none.
func controls(page string) (url.Values, error) {
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		return nil, err
	}
	out := url.Values{}
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.ElementNode {
			switch n.Data {
			case "template":
				return
			case "input":
				if _, on := attr(n, "checked"); value(n, "type") != "checkbox" {
					out.Add(value(n, "name"), value(n, "value"))
				} else if on {
					out.Add(value(n, "name"), cmp.Or(value(n, "value"), "on"))
				}
			case "textarea":
				if n.FirstChild != nil {
					out.Add(value(n, "name"), n.FirstChild.Data)
				}
			case "option":
				if _, on := attr(n, "selected"); on {
					out.Add(value(n.Parent, "name"), value(n, "value"))
				}
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(root)
	return out, nil
}

func attr(n *html.Node, key string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val, true
		}
	}
	return "", false
}

func value(n *html.Node, key string) string {
	v, _ := attr(n, key)
	return v
}
