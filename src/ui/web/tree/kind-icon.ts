// An icon for each kind, by what it is for.

import type { IconNode } from 'lucide';
import {
  Anchor,
  Box,
  Boxes,
  CalendarClock,
  Cog,
  Container,
  Database,
  FileText,
  Folder,
  Globe,
  HardDrive,
  KeyRound,
  Layers,
  Network,
  Puzzle,
  Rocket,
  Scale,
  ShieldCheck,
  Split,
  UserRound,
  Waypoints,
} from 'lucide';

const ICONS: Readonly<Record<string, IconNode>> = {
  Pod: Box,
  ReplicaSet: Boxes,
  Deployment: Layers,
  StatefulSet: Database,
  DaemonSet: Container,
  Job: Cog,
  CronJob: CalendarClock,
  Rollout: Rocket,
  Service: Waypoints,
  Endpoints: Split,
  EndpointSlice: Split,
  Ingress: Globe,
  Gateway: Globe,
  HTTPRoute: Globe,
  NetworkPolicy: Network,
  ConfigMap: FileText,
  Secret: KeyRound,
  Namespace: Folder,
  ServiceAccount: UserRound,
  Role: ShieldCheck,
  ClusterRole: ShieldCheck,
  RoleBinding: ShieldCheck,
  ClusterRoleBinding: ShieldCheck,
  PersistentVolume: HardDrive,
  PersistentVolumeClaim: HardDrive,
  StorageClass: HardDrive,
  HorizontalPodAutoscaler: Scale,
  CustomResourceDefinition: Puzzle,
  Application: Anchor,
};

export function iconOfKind(kind: string): IconNode {
  return ICONS[kind] ?? Puzzle;
}
