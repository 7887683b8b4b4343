// vcsim is one simulated vCenter of the proof: govmomi's simulator with a small estate in it. It prints one line of
// JSON when it can be used, and ends when its standard input does, so that none is left when a test dies.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"net/url"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25"
	"github.com/vmware/govmomi/vim25/types"

	_ "github.com/vmware/govmomi/pbm/simulator"
	_ "github.com/vmware/govmomi/vapi/simulator"
)

// ready is what the line on standard output says.
type ready struct {
	URL          string            `json:"url"`
	InstanceUUID string            `json:"instanceUuid"`
	PID          int               `json:"pid"`
	Certificate  string            `json:"certificate"`
	Datastores   map[string]string `json:"datastores"`
}

// delays is a flag that may be given many times: METHOD=MILLISECONDS.
type delays map[string]int

func (d delays) String() string { return fmt.Sprint(map[string]int(d)) }

func (d delays) Set(text string) error {
	method, number, found := strings.Cut(text, "=")
	millis, err := strconv.Atoi(number)
	if !found || err != nil {
		return fmt.Errorf("%q is not METHOD=MILLISECONDS", text)
	}
	d[method] = millis
	return nil
}

func main() {
	log.SetFlags(0)
	calls, tasks := delays{}, delays{}
	var e estate
	listen := flag.String("listen", "127.0.0.1:0", "loopback address; port 0 takes a free one")
	user := flag.String("user", "administrator@vsphere.local", "whom it lets in")
	password := flag.String("password", "", "with which password; the environment's VCSIM_PASSWORD otherwise")
	instance := flag.String("instance-uuid", "", "of the vCenter; the same at every start")
	certificate := flag.String("certificate", "", "PEM file; with none, and no -key, it makes its own")
	key := flag.String("key", "", "PEM file of the certificate's key")
	plain := flag.Bool("plain", false, "without TLS")
	model := simulator.VPX()
	flag.IntVar(&model.Cluster, "clusters", 1, "")
	flag.IntVar(&model.ClusterHost, "hosts", 2, "in each cluster")
	flag.IntVar(&model.Datastore, "datastores", 1, "")
	flag.IntVar(&model.Portgroup, "port-groups", 1, "distributed ones")
	flag.IntVar(&e.vms, "vms", 2, "")
	flag.StringVar(&e.prefix, "prefix", "", "of the VMs' names; their uuids do not depend on it")
	flag.StringVar(&e.uuidSeed, "uuid-seed", "", "with another one, the VMs have other uuids")
	flag.IntVar(&e.disks, "disks", 1, "of each VM")
	flag.Int64Var(&e.diskMiB, "disk-mib", 64, "capacity of each disk")
	flag.BoolVar(&e.on, "on", false, "the VMs run")
	flag.BoolVar(&e.tools, "tools", false, "the VMs' tools run, as far as vCenter knows")
	flag.Var(calls, "delay", "METHOD=MILLISECONDS before a call is served; may be repeated")
	flag.Var(tasks, "task-delay", "TASK=MILLISECONDS that a task runs, by the name that it shows, as in PowerOn=500; may be repeated")
	flag.Parse()

	if *password == "" {
		*password = os.Getenv("VCSIM_PASSWORD")
	}
	if *instance == "" || *password == "" {
		log.Fatal("vcsim: it needs -instance-uuid and a password")
	}

	// The estate has VMs of its own, because the model's have uuids and names that no flag changes.
	model.Machine, model.Host = 0, 0
	model.DelayConfig.MethodDelay = calls
	if err := model.Create(); err != nil {
		model.Remove()
		log.Fatal(err)
	}
	fail := func(err error) {
		if err != nil {
			model.Remove()
			log.Fatal(err)
		}
	}
	model.Map().Get(vim25.ServiceInstance).(*simulator.ServiceInstance).Content.About.InstanceUuid = *instance
	fail(e.create(context.Background(), model))

	if len(tasks) > 0 {
		// Otherwise nothing of an object can be read while a task of it runs.
		tasks["LockHandoff"] = 0
		simulator.TaskDelay.MethodDelay = tasks
	}
	service := model.Service
	service.RegisterEndpoints = true
	service.Listen = &url.URL{Host: *listen, User: url.UserPassword(*user, *password)}
	said := ready{InstanceUUID: *instance, PID: os.Getpid(), Datastores: map[string]string{}}
	if !*plain {
		config, pem, err := serverTLS(*certificate, *key)
		fail(err)
		service.TLS, said.Certificate = config, pem
	}
	server := service.NewServer()
	said.URL = (&url.URL{Scheme: server.URL.Scheme, Host: server.URL.Host, Path: server.URL.Path}).String()
	for _, datastore := range model.Map().All("Datastore") {
		info := datastore.(*simulator.Datastore)
		said.Datastores[info.Name] = info.Info.(types.BaseDatastoreInfo).GetDatastoreInfo().Url
	}
	fail(json.NewEncoder(os.Stdout).Encode(said))

	ended := make(chan os.Signal, 1)
	signal.Notify(ended, syscall.SIGTERM, syscall.SIGINT)
	go func() {
		_, _ = io.Copy(io.Discard, bufio.NewReader(os.Stdin))
		ended <- syscall.SIGTERM
	}()
	<-ended
	model.Remove()
}
