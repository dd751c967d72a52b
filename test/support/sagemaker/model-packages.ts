import { ServiceError } from './training-jobs.ts';

type Body = Readonly<Record<string, unknown>>;

const ARN = 'arn:aws:sagemaker:us-east-1:000000000000';

/** The model registry of an account. */
export class ModelPackages {
  readonly groups = new Map<string, Body[]>();
  readonly #tokens = new Map<unknown, string>();

  createGroup(body: Body): Record<string, unknown> {
    const name = String(body['ModelPackageGroupName']);
    if (this.groups.has(name))
      throw new ServiceError(
        'ValidationException',
        `Model Package Group already exists: ${ARN}:model-package-group/${name}`,
      );
    this.groups.set(name, []);
    return { ModelPackageGroupArn: `${ARN}:model-package-group/${name}` };
  }

  /** The same token answers with the same package. */
  create(body: Body): Record<string, unknown> {
    const { ModelPackageGroupName: name, ClientToken: token } = body;
    const versions = this.groups.get(String(name));
    if (versions === undefined)
      throw new ServiceError('ValidationException', `Model Package Group ${name} does not exist`);
    const known = this.#tokens.get(token);
    if (token !== undefined && known !== undefined) return { ModelPackageArn: known };
    versions.push(body);
    const arn = `${ARN}:model-package/${name}/${versions.length}`;
    this.#tokens.set(token, arn);
    return { ModelPackageArn: arn };
  }
}
