// Says hello, and looks a name up as programs do that need more than the kernel: certificates, time zones.
package main

import (
	"crypto/x509"
	"fmt"
	"os"
	"time"
)

func main() {
	roots, err := x509.SystemCertPool()
	if err != nil || roots.Equal(x509.NewCertPool()) {
		fmt.Println("no certificates", err)
		os.Exit(1)
	}
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println("hello from Go in", zone)
}
