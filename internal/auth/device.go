// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"fmt"
	"net/netip"
	"strings"
)

// Origin is where a request comes from. The full address lives in memory only.
type Origin struct {
	Address string // IP address
	Device  string // "Chrome · Windows"
	Proof   string // that somebody signed in here before, see proof.go; or ""
}

type sign struct{ in, name string }

// Browsers call themselves by each other's names: the first sign found wins.
var browsers = []sign{
	{"MicroMessenger", "WeChat"}, {"DingTalk", "DingTalk"}, {"QQBrowser", "QQ"}, {"UCBrowser", "UC"},
	{"360SE", "360"}, {"QihooBrowser", "360"}, {"HuaweiBrowser", "Huawei"}, {"Edg", "Edge"}, {"OPR/", "Opera"},
	{"Firefox", "Firefox"}, {"Chrome", "Chrome"}, {"Safari", "Safari"}, {"curl", "curl"},
}

var systems = []sign{
	{"OpenHarmony", "HarmonyOS"}, {"HarmonyOS", "HarmonyOS"}, {"Android", "Android"}, {"iPhone", "iOS"}, {"iPad", "iOS"},
	{"Windows", "Windows"}, {"Mac OS X", "macOS"}, {"UOS", "UOS"}, {"Kylin", "Kylin"}, {"Linux", "Linux"},
}

// deviceOf returns a user agent in the words a person knows their device by, and
// nothing that tells two such devices apart; "" for an unknown one.
func deviceOf(userAgent string) string {
	var words []string
	for _, signs := range [][]sign{browsers, systems} {
		for _, s := range signs {
			if strings.Contains(userAgent, s.in) {
				words = append(words, s.name)
				break
			}
		}
	}
	return strings.Join(words, " · ")
}

// maskAddress returns the network of an address as text: "203.0.113.*",
// "2001:db8:7::*"; "" for what is not an address.
func maskAddress(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return ""
	}
	if ip = ip.Unmap().WithZone(""); ip.Is4() {
		b := ip.As4()
		return fmt.Sprintf("%d.%d.%d.*", b[0], b[1], b[2])
	}
	p, _ := ip.Prefix(48)
	return p.Masked().Addr().String() + "*"
}
