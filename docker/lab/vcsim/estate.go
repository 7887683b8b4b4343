package main

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/vmware/govmomi/find"
	"github.com/vmware/govmomi/object"
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25"
	"github.com/vmware/govmomi/vim25/types"
)

// estate is the VMs of a vCenter: vm-0, vm-1 ... in the first cluster, spread over its hosts and datastores.
type estate struct {
	vms, disks       int
	diskMiB          int64
	prefix, uuidSeed string
	on, tools        bool
}

func (e estate) create(ctx context.Context, model *simulator.Model) error {
	client, err := vim25.NewClient(ctx, model.Service)
	if err != nil {
		return err
	}
	finder := find.NewFinder(client)
	datacenter, err := finder.DefaultDatacenter(ctx)
	if err != nil {
		return err
	}
	finder.SetDatacenter(datacenter)
	folders, err := datacenter.Folders(ctx)
	if err != nil {
		return err
	}
	pool, err := finder.ResourcePool(ctx, "DC0_C0/Resources")
	if err != nil {
		return err
	}
	hosts, err := finder.HostSystemList(ctx, "DC0_C0/*")
	if err != nil {
		return err
	}
	backing, err := firstNetwork(ctx, finder, model)
	if err != nil {
		return err
	}
	// All tasks are begun before one is awaited: a thousand VMs one after the other would take half a minute.
	creating := make([]*object.Task, e.vms)
	for number := range creating {
		spec, err := e.spec(number, model.Datastore, backing)
		if err != nil {
			return err
		}
		creating[number], err = folders.VmFolder.CreateVM(ctx, spec, pool, hosts[number%len(hosts)])
		if err != nil {
			return fmt.Errorf("%s: %w", spec.Name, err)
		}
	}
	starting := make([]*object.Task, 0, e.vms)
	for number, task := range creating {
		info, err := task.WaitForResult(ctx, nil)
		if err != nil {
			return fmt.Errorf("VM %d: %w", number, err)
		}
		made := info.Result.(types.ManagedObjectReference)
		if e.tools {
			guest := model.Map().Get(made).(*simulator.VirtualMachine).Guest
			guest.ToolsStatus = types.VirtualMachineToolsStatusToolsOk
			guest.ToolsRunningStatus = string(types.VirtualMachineToolsRunningStatusGuestToolsRunning)
		}
		if e.on {
			task, err = object.NewVirtualMachine(client, made).PowerOn(ctx)
			if err != nil {
				return fmt.Errorf("VM %d: %w", number, err)
			}
			starting = append(starting, task)
		}
	}
	for _, task := range starting {
		if err := task.Wait(ctx); err != nil {
			return err
		}
	}
	return nil
}

func firstNetwork(ctx context.Context, finder *find.Finder, model *simulator.Model) (types.BaseVirtualDeviceBackingInfo, error) {
	name := "VM Network"
	if model.Portgroup > 0 {
		name = "DC0_DVPG0"
	}
	network, err := finder.Network(ctx, name)
	if err != nil {
		return nil, err
	}
	return network.EthernetCardBackingInfo(ctx)
}

// spec is a VM whose uuids follow from its number, and from the seed if there is one: two vCenters started alike have
// VMs with equal uuids, whatever the prefixes.
func (e estate) spec(number, datastores int, network types.BaseVirtualDeviceBackingInfo) (types.VirtualMachineConfigSpec, error) {
	folder := fmt.Sprintf("[LocalDS_%d] vm-%d", number%datastores, number)
	seed := uuid.NewSHA1(uuid.NameSpaceURL, []byte("switchback:"+e.uuidSeed))
	spec := types.VirtualMachineConfigSpec{
		Name:         fmt.Sprintf("%svm-%d", e.prefix, number),
		GuestId:      string(types.VirtualMachineGuestOsIdentifierOtherGuest),
		Uuid:         uuid.NewSHA1(seed, []byte("bios:"+folder)).String(),
		InstanceUuid: uuid.NewSHA1(seed, []byte("instance:"+folder)).String(),
		Files:        &types.VirtualMachineFileInfo{VmPathName: fmt.Sprintf("%s/vm-%d.vmx", folder, number)},
	}
	var devices object.VirtualDeviceList
	scsi, err := devices.CreateSCSIController("pvscsi")
	if err != nil {
		return spec, err
	}
	devices = append(devices, scsi)
	for index := range e.disks {
		disk := devices.CreateDisk(scsi.(types.BaseVirtualController), types.ManagedObjectReference{},
			fmt.Sprintf("%s/disk-%d.vmdk", folder, index))
		disk.CapacityInKB = e.diskMiB << 10
		disk.CapacityInBytes = e.diskMiB << 20
		devices = append(devices, disk)
	}
	card, err := devices.CreateEthernetCard("vmxnet3", network)
	if err != nil {
		return spec, err
	}
	devices = append(devices, card)
	spec.DeviceChange, err = devices.ConfigSpec(types.VirtualDeviceConfigSpecOperationAdd)
	return spec, err
}
