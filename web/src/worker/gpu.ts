/** A graphics device of our own: one that was lost can then be replaced. */

export interface Gpu {
  device: GPUDevice;
  /** The adapter's name, for people. */
  adapter: string;
  /** Largest tensor in bytes: it must fit one buffer, and one binding. */
  maxTensorBytes: number;
  /** Whether the device was lost, and with it every session on it. */
  isLost(): boolean;
}

let current: Gpu | undefined;

/**
 * Null where there is no adapter. Rejects where it gives no device. One device serves all
 * encoders, so that shaders are compiled once; after it was lost there is a new one.
 */
export async function openGpu(): Promise<Gpu | null> {
  if (current === undefined || current.isLost()) current = (await newGpu()) ?? undefined;
  return current ?? null;
}

async function newGpu(): Promise<Gpu | null> {
  const adapter = await navigator.gpu?.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) return null;
  const { limits } = adapter;
  const requiredLimits = {
    maxBufferSize: limits.maxBufferSize,
    maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
    maxStorageBuffersPerShaderStage: limits.maxStorageBuffersPerShaderStage,
    maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
    maxComputeWorkgroupSizeX: limits.maxComputeWorkgroupSizeX,
    maxComputeWorkgroupSizeY: limits.maxComputeWorkgroupSizeY,
    maxComputeWorkgroupSizeZ: limits.maxComputeWorkgroupSizeZ,
    maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
    maxComputeWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
  };
  // No optional features: everything is float32, and operators that used `subgroups` were wrong.
  const device = await adapter.requestDevice({ requiredLimits });
  let lost = false;
  void device.lost.then(() => {
    lost = true;
  });
  return {
    device,
    adapter: nameOf(adapter.info),
    maxTensorBytes: Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize),
    isLost: () => lost,
  };
}

function nameOf({ vendor, architecture, device, description }: GPUAdapterInfo): string {
  const parts = [vendor, architecture, device, description].filter((part) => part !== '');
  return parts.join(' ') || 'an adapter without a name';
}
