// Making an Application.

export default function NewApplication() {
  return null;
}
