import { ServiceError } from './training-jobs.ts';

type Body = Readonly<Record<string, unknown>>;
type Answer = Record<string, unknown>;

const ARN = 'arn:aws:sagemaker:us-east-1:000000000000';
const arnOf = (group: string, number: number) => `${ARN}:model-package/${group}/${number}`;

const refuse = (message: string): never => {
  throw new ServiceError('ValidationException', message);
};

/** The model registry of an account. */
export class ModelPackages {
  /** What each package was asked for with, by its group, in the order of the versions. */
  readonly groups = new Map<string, Body[]>();
  readonly #askedGroups = new Map<string, Body>();
  readonly #tokens = new Map<unknown, string>();

  createGroup(body: Body): Answer {
    const name = String(body['ModelPackageGroupName']);
    const ModelPackageGroupArn = `${ARN}:model-package-group/${name}`;
    if (this.groups.has(name)) refuse(`Model Package Group already exists: ${ModelPackageGroupArn}`);
    this.groups.set(name, []);
    this.#askedGroups.set(name, { ...body, ModelPackageGroupArn });
    return { ModelPackageGroupArn };
  }

  /** The same token answers with the same package. */
  create(body: Body): Answer {
    const { ModelPackageGroupName: name, ClientToken: token } = body;
    const versions = this.groups.get(String(name)) ?? refuse(`Model Package Group ${name} does not exist`);
    const known = this.#tokens.get(token);
    if (token !== undefined && known !== undefined) return { ModelPackageArn: known };
    versions.push(body);
    const arn = arnOf(String(name), versions.length);
    this.#tokens.set(token, arn);
    return { ModelPackageArn: arn };
  }

  listGroups({ NameContains: part = '' }: Body): Answer {
    const found = [...this.#askedGroups.values()].filter((group) =>
      String(group['ModelPackageGroupName']).includes(String(part)),
    );
    const summaries = found.map(({ Tags: _, ...group }) => ({ ...group, ModelPackageGroupStatus: 'Completed' }));
    return { ModelPackageGroupSummaryList: summaries };
  }

  list({ ModelPackageGroupName: name }: Body): Answer {
    const versions = this.groups.get(String(name)) ?? [];
    const summaries = versions.map(({ ModelPackageDescription, ModelApprovalStatus }, index) => ({
      ...this.#numbered(String(name), index + 1),
      ModelPackageDescription,
      ModelApprovalStatus,
    }));
    return { ModelPackageSummaryList: summaries };
  }

  describe({ ModelPackageName: arn }: Body): Answer {
    const [, group = '', number] = /\/([^/]+)\/(\d+)$/.exec(String(arn)) ?? [];
    const {
      Tags: _tags,
      ClientToken: _token,
      ...asked
    } = this.groups.get(group)?.[Number(number) - 1] ?? refuse(`ModelPackage ${arn} does not exist.`);
    return { ...asked, ...this.#numbered(group, Number(number)) };
  }

  #numbered(group: string, number: number): Answer {
    return {
      ModelPackageGroupName: group,
      ModelPackageVersion: number,
      ModelPackageArn: arnOf(group, number),
      ModelPackageStatus: 'Completed',
    };
  }
}
